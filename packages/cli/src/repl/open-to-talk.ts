import type { Store } from '@synapse/core';
import { isUnusable, sayNothingIsKept } from '../one-shot/with-storage.ts';
import { askLine } from '../output/ask-line.ts';
import type { App } from '@synapse/app/wiring';

export interface TalkStore {
  store: Store;
  /** Nothing of the conversation is kept. */
  isEphemeral: boolean;
}

/**
 * The store of a conversation. Where it can't be used, a person may talk all the same and is asked; a
 * script is not, nor is who wants to go on with a session that is kept there.
 */
export async function openToTalk(
  app: Pick<App, 'openStore' | 'openMemoryStore'>,
  isEphemeral: boolean,
  isNeeded: boolean,
): Promise<TalkStore> {
  if (isEphemeral) return { store: await app.openMemoryStore(), isEphemeral };
  try {
    return { store: await app.openStore(), isEphemeral };
  } catch (error) {
    const { stdin, stdout, stderr } = process;
    const isSomebodyThere = stdin.isTTY && stdout.isTTY && stderr.isTTY;
    if (!isUnusable(error) || isNeeded || !isSomebodyThere) throw error;
    sayNothingIsKept(error);
    const answer = await askLine('Continue without storing anything? [y/N] ');
    if (!/^y(es)?$/i.test(answer)) throw error;
    return { store: await app.openMemoryStore(), isEphemeral: true };
  }
}
