import type { Store } from '@synapse/core';
import type { ConversationApp } from '../conversation/conversation.ts';
import type { App, OpenModel } from '../wiring.ts';
import type { ClientMarks, RelayedRequest } from './relayed-request.ts';

export type RelayApp = ConversationApp & Pick<App, 'openMemoryStore'>;

export type RelayStore = Pick<Store, 'sessions' | 'attachments' | 'usage' | 'aliases'>;

export interface RelayOptions {
  app: RelayApp;
  store: RelayStore;
  model: OpenModel;
  request: RelayedRequest;
  marks: ClientMarks;
  /** What a client continues that sends only what is new; null if it sends everything. */
  continues: Continued | null;
  /** False if nothing of the conversation may be stored, except for its cost. */
  keeps: boolean;
  signal: AbortSignal;
}

/** An answer, or a whole session. */
export type Continued = { answerId: string } | { sessionId: string };
