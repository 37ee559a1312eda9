import {
  clipText,
  makeSnippet,
  redactSecrets,
  searchedTextOf,
  textOf,
  type JsonObject,
  type Message,
  type SearchHit,
  type SearchQuery,
  type Session,
  type SessionSearch,
  type SessionStore,
} from '@synapse/core';
import { findSession } from '@synapse/core/conversation';

const MAX_MESSAGE_LENGTH = 8000;
const MAX_TOTAL_LENGTH = 100_000;

export interface SessionReaderOptions {
  sessions: SessionStore;
  search: SessionSearch;
  parseQuery: (text: string) => SearchQuery;
  /** The folder that `here` means. */
  here: string;
}

/** The view of stored sessions for the MCP server: limited in size, and without keys. */
export class SessionReader {
  readonly #options: SessionReaderOptions;

  constructor(options: SessionReaderOptions) {
    this.#options = options;
  }

  async search(query: string, limit: number, cursor?: string): Promise<JsonObject> {
    const { search, parseQuery } = this.#options;
    const parsed = parseQuery(query);
    const { items, nextCursor } = await search.search(parsed, { limit, cursor });
    const hits = await Promise.all(items.map((hit) => this.#toHit(hit, parsed)));
    return { hits, nextCursor };
  }

  async list(text: string | undefined, limit: number, cursor?: string): Promise<JsonObject> {
    const { items, nextCursor } = await this.#options.sessions.list({ text, limit, cursor });
    return { sessions: items.map(toSummary), nextCursor };
  }

  /** Undefined for an unknown or trashed session. Pages go back from the newest message. */
  async read(
    reference: string,
    limit: number,
    before: number | undefined,
  ): Promise<JsonObject | undefined> {
    const { sessions, here } = this.#options;
    const session = await findSession(sessions, reference, here);
    if (session?.deletedAt !== null) return undefined;
    const messages = await sessions.messages(session.id, { limit, before });
    const shown: JsonObject[] = [];
    let length = 0;
    for (const message of messages.toReversed()) {
      const entry = toEntry(message);
      length += JSON.stringify(entry).length;
      if (length > MAX_TOTAL_LENGTH && shown.length > 0) break;
      shown.unshift(entry);
    }
    const first = shown[0]?.seq;
    const isMore = shown.length < messages.length || messages.length === limit;
    return {
      session: toSummary(session),
      messages: shown,
      nextBefore: isMore ? (first ?? null) : null,
    };
  }

  /** The snippet is rebuilt from the whole message, because a cut key would not be recognised. */
  async #toHit(hit: SearchHit, { terms }: SearchQuery): Promise<JsonObject> {
    const message = await this.#options.sessions.message(hit.sessionId, hit.messageId);
    const text = redactSecrets(searchedTextOf(message?.parts ?? []));
    return {
      sessionId: hit.sessionId,
      sessionTitle: hit.sessionTitle === null ? null : redactSecrets(hit.sessionTitle),
      sessionHandle: hit.sessionHandle,
      seq: hit.seq,
      role: hit.role,
      createdAt: hit.createdAt.toISOString(),
      snippet: clipText(
        makeSnippet(text, terms.flat())
          .map((piece) => piece.text)
          .join(''),
        500,
      ),
    };
  }
}

function toSummary(session: Session): JsonObject {
  return {
    id: session.id,
    handle: session.handle,
    title: session.title === null ? null : redactSecrets(session.title),
    preview: session.preview === null ? null : redactSecrets(session.preview),
    model: session.model,
    tags: session.tags.map((tag) => redactSecrets(tag)),
    messageCount: session.messageCount,
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
  };
}

function toEntry({ seq, role, status, createdAt, parts }: Message): JsonObject {
  const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part.output] : []));
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []));
  const text = redactSecrets([textOf(parts), ...results].filter(Boolean).join('\n'));
  const isCut = text.length > MAX_MESSAGE_LENGTH;
  return {
    seq,
    role,
    status,
    createdAt: createdAt.toISOString(),
    text: isCut ? `${text.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()} […]` : text.toWellFormed(),
    ...(calls.length > 0 && { toolCalls: calls }),
  };
}
