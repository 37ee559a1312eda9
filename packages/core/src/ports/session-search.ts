import type { SearchQuery } from '../search/parse-query.ts';
import type { Message, Role } from '../session/message.ts';
import type { Page } from './session-store.ts';

/** Full-text search over what was said. The index is part of every change, in its transaction. */
export interface SessionSearch {
  /** Best first, living sessions only; every store finds the same messages for the same query. */
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
  createdAt: Message['createdAt'];
  snippet: SnippetPiece[];
}

/** A piece of the text around the finds; the marked ones are what was looked for. */
export interface SnippetPiece {
  text: string;
  isMatch: boolean;
}
