import { dirname, join } from 'node:path';
import { ConfigError } from '@synapse/core';
import {
  changeFile,
  readRegularFile,
  UnreadableFileError,
  UnwritableFileError,
} from '@synapse/core/files';
import type { App } from '../wiring.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** What the user has decided about the files of a folder. */
export interface TrustEntry {
  /** The root of the project, without links. */
  root: string;
  isTrusted: boolean;
  decidedAt: string;
  /** The hashes of the commands that may run something, by path from the root. Others may not. */
  runs: Readonly<Record<string, string>>;
}

/** The decisions about folders, kept outside of them. A file that can't be read is an error: nothing is trusted. */
export function readTrust(app: Pick<App, 'places'>): TrustEntry[] {
  const path = trustFile(app);
  let text: string;
  try {
    text = readRegularFile(path, MAX_BYTES).toString();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    const reason = error instanceof UnreadableFileError ? error.message : (code ?? String(error));
    throw unusable(path, reason, error);
  }
  try {
    const { folders } = JSON.parse(text) as { folders: TrustEntry[] };
    if (folders.every(isEntry)) return folders;
  } catch (error) {
    throw unusable(path, 'it is not JSON', error);
  }
  throw unusable(path, 'it has entries of another form');
}

/** The decision about a root; undefined if there is none. */
export function findTrust(app: Pick<App, 'places'>, root: string): TrustEntry | undefined {
  return readTrust(app).find((entry) => entry.root === root);
}

export async function storeTrust(app: Pick<App, 'places'>, entry: TrustEntry): Promise<void> {
  await change(app, (entries) => [...entries.filter(({ root }) => root !== entry.root), entry]);
}

/** False if there was no decision about the root. */
export async function removeTrust(app: Pick<App, 'places'>, root: string): Promise<boolean> {
  const isKnown = findTrust(app, root) !== undefined;
  if (isKnown) await change(app, (entries) => entries.filter((entry) => entry.root !== root));
  return isKnown;
}

async function change(
  app: Pick<App, 'places'>,
  edit: (entries: TrustEntry[]) => TrustEntry[],
): Promise<void> {
  const path = trustFile(app);
  try {
    await changeFile(path, async (write) => {
      const folders = edit(readTrust(app)).sort((a, b) => (a.root < b.root ? -1 : 1));
      await write(`${JSON.stringify({ folders }, null, 2)}\n`);
    });
  } catch (error) {
    if (!(error instanceof UnwritableFileError)) throw error;
    throw new ConfigError(`The decision can't be stored in "${path}" (${error.message}).`, {
      hint: `Make the folder "${dirname(path)}" writable.`,
      cause: error,
    });
  }
}

function trustFile({ places }: Pick<App, 'places'>): string {
  return join(places.stateFolder, 'trusted-folders.json');
}

function isEntry({ root, isTrusted, decidedAt, runs }: Partial<TrustEntry>): boolean {
  const texts = [root, decidedAt, ...Object.values(runs ?? {})];
  return typeof isTrusted === 'boolean' && texts.every((text) => typeof text === 'string');
}

function unusable(path: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`The list of trusted folders can't be read: ${path}: ${reason}.`, {
    hint: 'Remove the file; you are then asked about each folder again.',
    cause,
  });
}
