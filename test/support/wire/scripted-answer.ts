/** An answer in words that every dialect can say. */
export interface ScriptedAnswer {
  /** Pieces of reasoning, before everything else. */
  reasoning?: readonly string[];
  /** Pieces of text. */
  text?: readonly string[];
  toolCalls?: readonly ScriptedCall[];
  /** By default `tool-calls` where there are any, and `stop` elsewhere. */
  finish?: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal';
  /** Null for a provider that does not say. */
  usage?: ScriptedUsage | null;
  model?: string;
  /** What the provider wants to see again, another one with each answer. */
  seal?: string;
  /** Where Chat Completions have it: on the first call, or with the reasoning in details. */
  sealedPart?: 'call' | 'details';
}

export interface ScriptedCall {
  id: string;
  name: string;
  /** Pieces of the arguments' JSON text. */
  arguments: readonly string[];
}

export interface ScriptedUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
}

export const SCRIPTED_USAGE: ScriptedUsage = { inputTokens: 20, outputTokens: 10 };

export function finishOf(answer: ScriptedAnswer): NonNullable<ScriptedAnswer['finish']> {
  return answer.finish ?? (answer.toolCalls?.length ? 'tool-calls' : 'stop');
}
