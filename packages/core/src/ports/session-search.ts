import type { SearchQuery } from '../search/parse-query.ts';
import type { Message, Role } from '../session/message.ts';
import type { Page } from './session-store.ts';

/** Full-text search over messages. The index is part of every change, in its transaction. */
export interface SessionSearch {
  /**
   * Messages of sessions outside the trash that contain all the terms and none of the excluded
   * ones, and pass the filters: `tag` is one of the session's, `model` the one that wrote the
   * message, the times are those of the message. Messages that are not active are found only with
   * `variants`. Every store finds the same messages for the same query; an empty query
   * finds nothing.
   *
   * The best come first: the newest few hundred are ranked among themselves, then the next few
   * hundred. A page may hold fewer than `limit` although others follow. Rejects with
   * InvalidDataError if the cursor is invalid.
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

/** A piece of the text around the matches, which are marked. */
export interface SnippetPiece {
  text: string;
  isMatch: boolean;
}
