import { findOverLimit, InvalidDataError, type Store } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { importSessions, type ImportReport } from '@synapse/portability';
import { toRetentionSettings } from '../cleanup/clean-up.ts';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';
import type { ImportFile } from './open-import.ts';

export interface ImportFileOptions {
  /** The name of the file in errors. */
  name: string;
  /** Reports what an import would do, and stores nothing. */
  isDryRun: boolean;
  signal: AbortSignal;
}

/** Imports the sessions of a file, and holds each session that it extends. */
export async function importFile(
  app: Pick<App, 'clock' | 'logger'>,
  store: Store,
  file: Pick<ImportFile, 'read'>,
  { name, isDryRun, signal }: ImportFileOptions,
): Promise<ImportReport> {
  const hold = (id: string) => holdLeaseOf(app, store, id);
  try {
    return await importSessions(store, file.read, { isDryRun, signal, hold });
  } catch (error) {
    throw inFile(name, error);
  }
}

/** How many of the new sessions a cleanup would remove, in a day or later. */
export async function countOverLimit(
  app: Pick<App, 'clock' | 'settings'>,
  store: Pick<Store, 'retention'>,
  { added, forked }: ImportReport,
): Promise<number> {
  const limits = toRetentionSettings(app.settings);
  if (!limits.autoCleanup) return 0;
  const brought = [...added, ...forked];
  return (await findOverLimit(store.retention, limits, app.clock.now(), brought)).length;
}

/** What the limits of the settings mean for imported sessions. */
export function overLimitNotice(count: number): string {
  return `your limits would move ${countOf(count, 'session')} of these to the trash after a day or more: pin them, or raise session.max_sessions or retention_days`;
}

function inFile(name: string, error: unknown): unknown {
  if (!(error instanceof InvalidDataError)) return error;
  return new InvalidDataError(`${name}: ${error.message}`, {
    hint:
      error.hint ?? 'You can import files that "synapse sessions export" wrote as json or ndjson.',
    cause: error,
  });
}
