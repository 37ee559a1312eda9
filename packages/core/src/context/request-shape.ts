import type { StoredMessage } from '../conversation/clean-parts.ts';
import type { OutputSchema, ToolDefinition } from '../ports/model-provider.ts';
import type { SessionStore } from '../ports/session-store.ts';

/** The content of a request in addition to the messages of a session. */
export interface RequestFrame {
  /** The tools of the current turn; outside a turn, those that `listTools` returns. */
  tools?: readonly ToolDefinition[];
  /** Follows the messages of the session, and is not stored. */
  added?: readonly StoredMessage[];
  /** The session as the current turn sees it; the stored session by default. */
  sessions?: Pick<SessionStore, 'messages' | 'promptMessages'>;
}

/** Other options of a request. */
export interface RequestShape extends RequestFrame {
  outputSchema?: OutputSchema | null;
  maxOutputTokens?: number | null;
  temperature?: number | null;
}
