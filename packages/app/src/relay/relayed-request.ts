import type { OutputSchema, Part, ToolDefinition } from '@synapse/core';

/**
 * A request of a program that speaks the dialect of a provider, in the terms of core. Such a program
 * keeps the conversation itself, runs the tools itself, and sends everything with each request.
 */
export interface RelayedRequest {
  /** A model, `provider/model` or an alias; null for the model of the settings. */
  model: string | null;
  systemPrompt: string | null;
  /** The conversation as the client knows it, in any state. */
  messages: RelayedMessage[];
  /** The content of the images and files in the messages, by hash. */
  contents: ReadonlyMap<string, Uint8Array>;
  tools: ToolDefinition[];
  toolChoice: ToolChoice | null;
  outputSchema: OutputSchema | null;
  maxOutputTokens: number | null;
  temperature: number | null;
  stopSequences: string[];
  effort: string | null;
}

export interface RelayedMessage {
  role: 'user' | 'assistant' | 'tool';
  parts: Part[];
}

/** `required` demands a call of any tool; otherwise a call of this one. */
export type ToolChoice = 'required' | { name: string };

/** What the client says about itself and its conversation. */
export interface ClientMarks {
  /** The session that the client names: an id, a handle, or a new name. */
  session: string | null;
  /** The client's own names of its conversation, the most reliable first. */
  aliases: readonly ClientAlias[];
  /** Whether it may continue after an answer by its id. */
  namesAnswers: boolean;
  /** The name of the program, such as `codex`; null if unknown. */
  client: string | null;
}

export interface ClientAlias {
  kind: string;
  value: string;
  /** Other conversations of the client may have the same name. */
  isWeak?: true;
}

/** A request without content. */
export function emptyRequest(): RelayedRequest {
  return {
    ...{ model: null, systemPrompt: null, messages: [], contents: new Map(), tools: [] },
    ...{ toolChoice: null, outputSchema: null, maxOutputTokens: null, temperature: null },
    ...{ stopSequences: [], effort: null },
  };
}
