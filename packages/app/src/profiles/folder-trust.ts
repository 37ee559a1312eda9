import { NotPermittedError } from '@synapse/core';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { realRoot } from './project-root.ts';
import { findTrust } from './trust-file.ts';
import { decideTrust } from './trust-folder.ts';

/**
 * Whether the user trusts the folder: for this run, by an earlier decision, or by the answer to a question
 * about what it brings, which is stored.
 */
export async function isFolderTrusted(
  app: ProfilesApp,
  names: readonly string[],
  { isTrusted, ask }: Pick<CollectOptions, 'isTrusted' | 'ask'>,
): Promise<boolean | undefined> {
  if (isTrusted) return true;
  const root = realRoot(app.here);
  const known = findTrust(app, root)?.isTrusted;
  if (known !== undefined || !ask) return known;
  const answer = await ask(root, names);
  await decideTrust(app, answer);
  return answer;
}

export function untrusted({ here }: Pick<ProfilesApp, 'here'>, what: string): NotPermittedError {
  return new NotPermittedError(`${what} comes with a folder that is not trusted.`, {
    action: { name: 'trust-folder', text: `Trust the folder ${realRoot(here)}.` },
  });
}
