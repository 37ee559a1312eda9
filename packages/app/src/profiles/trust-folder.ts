import { realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { FileNotFoundError, SynapseError, UsageError } from '@synapse/core';
import { hasShell, parseTemplate, type CommandTemplate } from '@synapse/core/profiles';
import { openProfiles } from '../wiring/open-profiles.ts';
import type { ProfilesApp } from './collect-options.ts';
import { realRoot } from './project-root.ts';
import { findTrust, readTrust, removeTrust, storeTrust } from './trust-file.ts';

type TrustApp = Pick<ProfilesApp, 'here' | 'places' | 'clock' | 'environment'>;

/** Trusts the project of a folder, and returns its root. */
export async function trustFolder(app: TrustApp, folder: string): Promise<string> {
  const path = resolve(app.here, folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new FileNotFoundError(`There is no folder "${path}".`);
  }
  const here = realpathSync(path);
  await decideTrust({ ...app, here }, true);
  return realRoot(here);
}

/** Stores the user's decision about the project of the working folder, with what may run in it as it is now. */
export async function decideTrust(app: TrustApp, isTrusted: boolean): Promise<void> {
  const root = realRoot(app.here);
  const decidedAt = app.clock.now().toISOString();
  const runs = isTrusted ? await hashRunning(app) : {};
  await storeTrust(app, { root, isTrusted, decidedAt, runs });
}

/** Lets a command run what it was read with; the other commands of the folder stay as they were trusted. */
export async function trustCommand(app: TrustApp, template: CommandTemplate): Promise<void> {
  const root = realRoot(app.here);
  const decidedAt = app.clock.now().toISOString();
  const { runs = {} } = findTrust(app, root) ?? {};
  const { origin, sha256 } = template;
  const added = { [keyOf(app, origin.path)]: sha256 };
  await storeTrust(app, { root, isTrusted: true, decidedAt, runs: { ...runs, ...added } });
}

/** Forgets the decision about the project of a folder, which may be gone, and returns its root. */
export async function forgetFolder(app: TrustApp, folder: string): Promise<string> {
  const path = resolve(app.here, folder);
  const root = readTrust(app).some((entry) => entry.root === path) ? path : realRoot(path);
  if (await removeTrust(app, root)) return root;
  throw new UsageError(`There is no decision about the folder "${root}".`);
}

/** Whether a command may run something, and is not as the user has trusted it. */
export function isChanged(app: TrustApp, template: CommandTemplate): boolean {
  const { origin, sha256 } = template;
  if (origin.scope === 'user' || !runsSomething(template)) return false;
  const { runs = {} } = findTrust(app, realRoot(app.here)) ?? {};
  return runs[keyOf(app, origin.path)] !== sha256;
}

async function hashRunning(app: TrustApp): Promise<Record<string, string>> {
  const source = await openProfiles(app);
  const runs: Record<string, string> = {};
  for (const entry of await source.list('command')) {
    if (entry.origin.scope === 'user') continue;
    try {
      const template = await source.read(entry);
      if (runsSomething(template)) runs[keyOf(app, entry.origin.path)] = template.sha256;
    } catch (error) {
      // A file that can't be read runs nothing.
      if (!(error instanceof SynapseError)) throw error;
    }
  }
  return runs;
}

function runsSomething({ body, style }: CommandTemplate): boolean {
  return hasShell(parseTemplate(body, style));
}

function keyOf({ here }: Pick<TrustApp, 'here'>, path: string): string {
  return relative(realRoot(here), path);
}
