/** What the routes reply with, as far as the page reads it; docs/http-api.md describes all of it. */
export interface Session {
  id: string;
  handle: string | null;
  title: string | null;
  provider: string | null;
  model: string | null;
  workingDirectory: string | null;
  messageCount: number;
  turnCount: number;
  totalTokens: number;
  costUsd: number | null;
  unpricedCount: number;
  tags: string[];
  pinned: boolean;
  archived: boolean;
  deletedAt: string | null;
  forkedFrom: { sessionId: string; messageId: string | null } | null;
  origin: string | null;
  revision: number;
  updatedAt: string;
  preview: string | null;
}

export interface Attachment {
  sha256: string;
  mediaType: string;
  name: string | null;
  byteLength: number;
}

export type Part =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'tool-call'; id: string; name: string; input: object; invalidInput?: string }
  | {
      type: 'tool-result';
      id: string;
      name: string;
      output: string;
      isError: boolean;
      attachments?: Attachment[];
    }
  | { type: 'image' | 'file'; attachment: Attachment }
  | { type: 'context' | 'title' | 'raw' };

export interface Message {
  id: string;
  seq: number;
  turn: number;
  variantOf: number | null;
  active: boolean;
  role: 'user' | 'assistant' | 'tool' | 'context' | 'title';
  status: 'complete' | 'running' | 'interrupted' | 'failed';
  parts: Part[];
  provider: string | null;
  model: string | null;
  usage: { inputTokens: number; outputTokens: number } | null;
  costUsd: number | null;
  latencyMs: number | null;
  error: { code: string; message: string } | null;
  createdAt: string;
}

export interface MessagesPage {
  items: Message[];
  olderCursor: string | null;
  newerCursor: string | null;
}

export interface Run {
  id: string;
  sessionId: string;
  state: 'active' | 'complete' | 'failed' | 'cancelled' | 'interrupted';
}

export type ApprovalAnswer = 'once' | 'session' | 'always' | 'no';

export interface Approval {
  id: string;
  sessionId: string;
  callId: string;
  question: {
    tool: string;
    effect: string;
    reason: string;
    details: { name: string; text: string }[];
    warnings: string[];
    rules: string[];
  };
}

export interface Hit {
  sessionId: string;
  sessionTitle: string | null;
  sessionHandle: string | null;
  messageId: string;
  role: string;
  createdAt: string;
  snippet: { text: string; isMatch: boolean }[];
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface Change {
  kind: 'session' | 'messages' | 'run' | 'approval' | 'removed';
  sessionId: string;
}

export interface ContextReport {
  totalTokens: number;
  budgetTokens: number | null;
  windowTokens: number | null;
  isEstimated: boolean;
}

export interface Model {
  provider: string;
  id: string;
}
