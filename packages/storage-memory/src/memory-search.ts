import {
  type SearchHit,
  type SessionSearch,
  makeSnippet,
  isEmptyQuery,
  type SearchQuery,
  searchedTextOf,
  type Message,
  type Session,
} from '@synapse/core';
import {
  type SearchPage,
  type Page,
  isModelOrDated,
  matchesTerms,
  pageOfMatches,
  type Match,
  searchTextOf,
} from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

interface MemoryMatch extends Match {
  session: Session;
  message: Message;
}

/** The reference: it reads all messages, and an index must give the same results. */
export class MemorySearch implements SessionSearch {
  readonly #state: MemoryState;
  // Messages are replaced, not modified, when their content changes.
  readonly #searchTexts = new WeakMap<Message, string>();

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async search(query: SearchQuery, page: SearchPage): Promise<Page<SearchHit>> {
    if (isEmptyQuery(query)) return { items: [], nextCursor: null };
    const { items, nextCursor } = await pageOfMatches(query, page, async (from, limit) =>
      this.#matches(query)
        .filter(({ position }) => from === null || position <= from)
        .sort((a, b) => (a.position < b.position ? 1 : -1))
        .slice(0, limit),
    );
    return { items: items.map((match) => toHit(match, query)), nextCursor };
  }

  #matches(query: SearchQuery): MemoryMatch[] {
    return [...this.#state.records.values()]
      .filter(({ session }) => session.deletedAt === null && isSearched(session, query))
      .filter(({ session }) => query.owner === undefined || session.owner === query.owner)
      .flatMap(({ session, messages }) =>
        messages
          .filter((message) => passes(message, query))
          .map((message) => ({
            session,
            message,
            position: message.id,
            searchText: this.#searchTextOf(message),
            role: message.role,
          })),
      )
      .filter(({ searchText }) => matchesTerms(searchText, query));
  }

  #searchTextOf(message: Message): string {
    const text = this.#searchTexts.get(message) ?? searchTextOf(message.parts);
    this.#searchTexts.set(message, text);
    return text;
  }
}

function isSearched(session: Session, { tag, origin }: SearchQuery): boolean {
  return (
    (tag === undefined || session.tags.includes(tag)) &&
    (origin === undefined || session.origin === origin)
  );
}

function passes(message: Message, { role, model, since, before, variants }: SearchQuery): boolean {
  return (
    (message.active || variants === true) &&
    (role === undefined || message.role === role) &&
    (model === undefined || isModelOrDated(message.model ?? '', model)) &&
    (since === undefined || message.createdAt >= since) &&
    (before === undefined || message.createdAt < before)
  );
}

function toHit({ session, message }: MemoryMatch, query: SearchQuery): SearchHit {
  return {
    sessionId: session.id,
    sessionTitle: session.title,
    sessionHandle: session.handle,
    messageId: message.id,
    seq: message.seq,
    role: message.role,
    active: message.active,
    createdAt: new Date(message.createdAt),
    snippet: makeSnippet(searchedTextOf(message.parts), query.terms.flat()),
  };
}
