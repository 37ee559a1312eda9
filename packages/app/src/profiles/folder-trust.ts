import { NotPermittedError } from '@synapse/core';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { realRoot } from './project-root.ts';
import { findTrust } from './trust-file.ts';

/**
 * Whether the user trusts the folder: for this run, by an earlier decision, or by the answer to a question
 * about what it brings.
 */
export async function isFolderTrusted(
  app: ProfilesApp,
  names: readonly string[],
  { isTrusted, ask }: Pick<CollectOptions, 'isTrusted' | 'ask'>,
): Promise<boolean | undefined> {
  if (isTrusted) return true;
  const root = realRoot(app.here);
  return findTrust(app, root)?.isTrusted ?? (await ask?.(root, names));
}

export function untrusted({ here }: Pick<ProfilesApp, 'here'>, what: string): NotPermittedError {
  return new NotPermittedError(`${what} comes with a folder that is not trusted.`, {
    action: { name: 'trust-folder', text: `Trust the folder ${realRoot(here)}.` },
  });
}
