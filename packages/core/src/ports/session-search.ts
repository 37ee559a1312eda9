import type { SearchQuery } from '../search/parse-query.ts';
import type { Message, Role } from '../session/message.ts';
import type { Page } from './session-store.ts';

/** Full-text search over messages. The index is part of every change, in its transaction. */
export interface SessionSearch {
  /**
   * Messages of living sessions that have all the terms and none of the excluded, and pass the
   * filters: `tag` is one of the session's, `model` the one that wrote the message, the times are
   * those of the message. Messages that are not active are found only with `variants`. Every store finds the same messages for the same query; a query with
   * nothing in it finds nothing.
   *
   * The best come first, where "best" weighs the newest couple of hundred against each other, then
   * the next. A page may hold fewer than `limit` though others follow. Rejects with InvalidDataError
   * when the cursor never was one.
   */
  search(query: SearchQuery, page: SearchPage): Promise<Page<SearchHit>>;
}

export interface SearchPage {
  limit: number;
  cursor?: string | undefined;
}

export interface SearchHit {
  sessionId: string;
  sessionTitle: string | null;
  sessionHandle: string | null;
  messageId: string;
  seq: number;
  role: Role;
  /** Whether the message is part of the current conversation. */
  active: boolean;
  createdAt: Message['createdAt'];
  snippet: SnippetPiece[];
}

/** A piece of the text around the matches; the marked ones are the matches. */
export interface SnippetPiece {
  text: string;
  isMatch: boolean;
}
