import { InvalidDataError } from '../errors/run-errors.ts';
import type { OwnerFilter } from './identity.ts';

/**
 * Names by which other programs refer to sessions, and hashes of the conversations that they send,
 * so that a server finds the session of a request. They are removed with their session, and are
 * neither exported nor copied to another store.
 */
export interface ConversationAliases {
  /** The session with this name, in the trash or not; of several owners, the newest name. */
  find(kind: string, value: string, filter?: OwnerFilter): Promise<string | undefined>;

  /**
   * Gives the name to a session; another session of the same owner loses it. Rejects with
   * SessionNotFoundError for an unknown session, and with InvalidDataError if the kind or the value
   * has more than 500 characters.
   */
  set(kind: string, value: string, sessionId: string): Promise<void>;

  /**
   * The longest known prefix of a conversation. `hashes` are those of its prefixes, the shortest
   * first. If several sessions have that prefix, returns the newest entry.
   */
  findPrefix(
    hashes: readonly string[],
    filter?: OwnerFilter,
  ): Promise<ConversationPrefix | undefined>;

  /**
   * Adds prefixes, all of them or none; one that the session has already gets the new message. Rejects with
   * SessionNotFoundError if one of the sessions is unknown.
   */
  addPrefixes(prefixes: readonly ConversationPrefix[]): Promise<void>;
}

export interface ConversationPrefix {
  hash: string;
  sessionId: string;
  /** The last message of the prefix. */
  messageId: string;
}

/** In characters. Databases limit the size of an entry in an index. */
const MAX_LENGTH = 500;

/** For `set` of every store. */
export function checkAlias(kind: string, value: string): void {
  if (kind.length <= MAX_LENGTH && value.length <= MAX_LENGTH) return;
  throw new InvalidDataError(
    `The name of a conversation has ${Math.max(kind.length, value.length)} characters.`,
    { hint: `Use a name with at most ${MAX_LENGTH} characters.` },
  );
}
