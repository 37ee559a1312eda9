import { fieldsWith, type Field, type FieldKinds, type FieldsWith } from './field.ts';
import type { JsonObject } from './json-value.ts';

export interface Session {
  id: string;
  /** A name chosen by the user, unique among sessions outside the trash. */
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
  /** The tool whose history it was imported from, such as `codex`. */
  origin: string | null;
  /** For the future, when several people may share a store. */
  owner: string | null;
  metadata: JsonObject;
  createdAt: Date;
  /** The time of the last message, not of the last read. */
  updatedAt: Date;
  /**
   * Rises with every transaction that changes the session or its messages; a lease changes neither. An export
   * and a copy keep it.
   */
  revision: number;

  /**
   * The fields below are derived from the messages, in the same transaction that changes them. The
   * counts and the preview cover only active turns.
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
  /** The last copied message; null if all were copied. */
  messageId: string | null;
}

export interface SessionKinds extends FieldKinds {
  handle: string;
  tags: string[];
  origin: ForkOrigin;
}

interface SessionField<Value> extends Field<SessionKinds, Value> {
  /**
   * `create`: given when the session is created, and never changed. `update`: given then, changed
   * by `SessionStore.update`, and taken from an import that extends the session. `store`: set by
   * other methods of the store. `messages` and `ledger`: derived from those.
   */
  setBy: 'create' | 'update' | 'store' | 'messages' | 'ledger';
  /** A fork copies the value. */
  isForked?: true;
}

export type SessionFields = { [Name in keyof Session]: SessionField<Session[Name]> };

/**
 * Every field of a session, in the order of its JSON. JSON, the check of imports, redaction, rows,
 * seals, updates and forks are derived from this table. A new field here needs a column in the
 * database, whose default is `empty`, and no other code.
 */
export const sessionFields = {
  id: { kind: 'id', setBy: 'create' },
  handle: { kind: 'handle', setBy: 'update', empty: null },
  title: { kind: 'text', setBy: 'update', empty: null, isForked: true },
  provider: { kind: 'name', setBy: 'update', empty: null, isForked: true },
  model: { kind: 'name', setBy: 'update', empty: null, isForked: true },
  systemPrompt: { kind: 'text', setBy: 'update', empty: null, isForked: true },
  workingDirectory: { kind: 'text', setBy: 'update', empty: null, isForked: true },
  messageCount: { kind: 'count', setBy: 'messages', empty: 0 },
  turnCount: { kind: 'count', setBy: 'messages', empty: 0 },
  inputTokens: { kind: 'count', setBy: 'ledger', empty: 0 },
  outputTokens: { kind: 'count', setBy: 'ledger', empty: 0 },
  costNanoUsd: { kind: 'count', setBy: 'ledger', empty: 0 },
  unpricedCount: { kind: 'count', setBy: 'ledger', empty: 0 },
  tags: { kind: 'tags', setBy: 'update', empty: [], isForked: true },
  pinned: { kind: 'flag', setBy: 'update', empty: false },
  archived: { kind: 'flag', setBy: 'update', empty: false },
  deletedAt: { kind: 'time', setBy: 'store', empty: null },
  forkedFrom: { kind: 'origin', setBy: 'create', empty: null },
  origin: { kind: 'name', setBy: 'create', empty: null, isNewInExports: true },
  owner: { kind: 'name', setBy: 'create', empty: null, isForked: true },
  metadata: { kind: 'json', setBy: 'update', empty: {}, isForked: true },
  createdAt: { kind: 'time', setBy: 'create' },
  updatedAt: { kind: 'time', setBy: 'store' },
  revision: { kind: 'count', setBy: 'store', empty: 0, isNewInExports: true },
  preview: { kind: 'text', setBy: 'messages', empty: null },
} satisfies SessionFields;

type FieldsSetBy<By> = FieldsWith<typeof sessionFields, { setBy: By }>;

/** The fields that the caller gives for a new session. */
export type NewSession = Pick<Session, 'id' | 'createdAt'> &
  Partial<Pick<Session, FieldsSetBy<'create' | 'update'>>>;

/** The fields that an update sets; tags are added and removed separately. */
export type ChangeableField = Exclude<FieldsSetBy<'update'>, 'tags'>;

/** A session without messages, in which every field that is not given is empty. */
export function emptySession(session: NewSession): Session {
  const fields: SessionFields = sessionFields;
  const empty = Object.entries(fields).map(([name, field]) => [name, structuredClone(field.empty)]);
  return {
    ...(Object.fromEntries(empty) as Session),
    updatedAt: session.createdAt,
    ...session,
    tags: [...new Set(session.tags)].sort(),
  };
}

/** A fork of a session before its messages are copied. */
export function emptyFork(source: Session, fork: NewFork): Session {
  const forked = fieldsWith(sessionFields, { isForked: true });
  return emptySession({
    ...Object.fromEntries(forked.map((name) => [name, source[name]])),
    id: fork.id,
    createdAt: fork.createdAt,
    handle: fork.handle ?? null,
    title: fork.title === undefined ? source.title : fork.title,
    forkedFrom: { sessionId: source.id, messageId: fork.throughMessageId ?? null },
  });
}

export type NewFork = Pick<NewSession, 'id' | 'createdAt'> &
  Partial<Pick<NewSession, 'handle' | 'title'>> & {
    throughMessageId?: string | undefined;
  };
