import { StorageError, type Store } from '@synapse/core';
import { exitCodeOf } from '../exit-codes.ts';
import { createNotices } from '../output/notices.ts';
import { describeError } from '../output/report-error.ts';
import type { App } from '@synapse/app/wiring';

export interface StorageOptions {
  /** Nothing is stored. */
  isEphemeral: boolean;
  /** The question continues a stored session: without the store it cannot be asked. */
  isNeeded: boolean;
}

export interface StorageAttempt {
  store: Store;
  /** Why nothing is stored; null if it is stored, or was not to be. */
  lost: StorageError | null;
  /** Called when the question is stored: from then on nothing may be repeated. */
  begun: () => void;
}

/**
 * Works with the configured store, or with one in memory where that can't be used: storage that fails
 * before the question is stored does not cost the answer.
 */
export async function withStorage<T>(
  app: Pick<App, 'openStore' | 'openMemoryStore'>,
  { isEphemeral, isNeeded }: StorageOptions,
  work: (attempt: StorageAttempt) => Promise<T>,
): Promise<T> {
  const progress = { hasBegun: false };
  const attempt = async (store: Store, lost: StorageError | null): Promise<T> => {
    try {
      return await work({ store, lost, begun: () => (progress.hasBegun = true) });
    } finally {
      await store.close();
    }
  };
  if (isEphemeral) return attempt(await app.openMemoryStore(), null);
  try {
    return await attempt(await app.openStore(), null);
  } catch (error) {
    if (progress.hasBegun || isNeeded || !isUnusable(error)) throw error;
    warnOfNoStorage(error);
    return attempt(await app.openMemoryStore(), error);
  }
}

/**
 * Faults of the disk, the file or the server, which no other command line would fix; not a wrong
 * password.
 */
export function isUnusable(error: unknown): error is StorageError {
  return error instanceof StorageError && [73, 74].includes(exitCodeOf(error.code));
}

export function warnOfNoStorage(error: StorageError): void {
  const { message, hint } = describeError(error);
  const text = `NOTHING IS SAVED: ${message}${hint === undefined ? '' : `\n${hint}`}`;
  createNotices(process.stderr).warn(text);
}
