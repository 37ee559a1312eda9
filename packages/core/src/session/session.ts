import type { JsonObject } from './json-value.ts';

export interface Session {
  id: string;
  /** A name chosen by the person, unique among sessions that are not in the trash. */
  handle: string | null;
  title: string | null;
  provider: string | null;
  model: string | null;
  systemPrompt: string | null;
  workingDirectory: string | null;
  pinned: boolean;
  archived: boolean;
  tags: string[];
  /** Set while the session is in the trash. */
  deletedAt: Date | null;
  forkedFrom: ForkOrigin | null;
  /** For the day when a store is shared by several people. */
  owner: string | null;
  metadata: JsonObject;
  createdAt: Date;
  /** The time of the last message, not of the last look. */
  updatedAt: Date;

  /**
   * What follows is derived from the messages, in the same transaction that changes them. The counts
   * and the preview are those of the active turns.
   */
  messageCount: number;
  turnCount: number;
  /** The beginning of the newest active message that has text. */
  preview: string | null;

  /**
   * The sums of the session's entries in the ledger: what its own calls of models used and cost,
   * imported calls included. They never fall when messages are removed. A fork begins with zero,
   * because the calls whose answers it copies belong to another session.
   */
  inputTokens: number;
  outputTokens: number;
  costNanoUsd: number;
  /** Calls of unknown cost: while there are any, the cost is a lower bound. */
  unpricedCount: number;
}

export interface ForkOrigin {
  sessionId: string;
  /** The last message that was copied; null when all were. */
  messageId: string | null;
}

/** What the caller says about a session when it is made. */
export type NewSession = Pick<Session, 'id' | 'createdAt'> &
  Partial<
    Pick<
      Session,
      | 'handle'
      | 'title'
      | 'provider'
      | 'model'
      | 'systemPrompt'
      | 'workingDirectory'
      | 'pinned'
      | 'archived'
      | 'tags'
      | 'forkedFrom'
      | 'owner'
      | 'metadata'
    >
  >;

/** A session without messages, with everything unsaid left empty. */
export function emptySession(session: NewSession): Session {
  return {
    handle: null,
    title: null,
    provider: null,
    model: null,
    systemPrompt: null,
    workingDirectory: null,
    pinned: false,
    archived: false,
    deletedAt: null,
    forkedFrom: null,
    owner: null,
    metadata: {},
    updatedAt: session.createdAt,
    messageCount: 0,
    turnCount: 0,
    inputTokens: 0,
    outputTokens: 0,
    costNanoUsd: 0,
    unpricedCount: 0,
    preview: null,
    ...session,
    tags: [...new Set(session.tags)].sort(),
  };
}
