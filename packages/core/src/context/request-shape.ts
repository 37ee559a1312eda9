import type { StoredMessage } from '../conversation/clean-parts.ts';
import type { OutputSchema, ToolDefinition } from '../ports/model-provider.ts';
import type { SessionStore } from '../ports/session-store.ts';

/** What a request holds in addition to the messages of a session. */
export interface RequestFrame {
  /** Those of the turn under way; outside of one, what `listTools` gives. */
  tools?: readonly ToolDefinition[];
  /** Comes after the messages of the session, and is not stored. */
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
