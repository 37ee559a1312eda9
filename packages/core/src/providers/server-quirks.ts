import type { StructuredOutput } from '../models/known-model.ts';

/** How servers with Chat Completions differ from each other: facts, not settings. */
export interface ServerQuirks {
  maxTokensField: 'max_completion_tokens' | 'max_tokens';
  systemRole: 'system' | 'developer';
  /** False for servers that refuse `stream_options`. */
  supportsStreamUsage: boolean;
  /** False for servers that refuse `prompt_cache_key`. */
  supportsCacheKey: boolean;
  /** False for servers that take no PDF. */
  supportsFiles: boolean;
  /** How to request an answer of a given shape, unless the model is known to differ. */
  structuredOutput: StructuredOutput;
  /** The ids of calls that the server accepts; others are replaced consistently. */
  toolCallIdPattern: RegExp;
  /** The length of a replaced id. */
  toolCallIdLength: number;
  /** True for servers that need cache marks on the parts of a request to Claude. */
  marksCache: boolean;
  /** True for servers that report the cost of an answer in the usage, in US dollars. */
  reportsCost: boolean;
  /** True for servers that refuse a call without the reasoning that led to it. */
  needsReasoning: boolean;
  /** True for servers that refuse a call without the signature of the thought that led to it. */
  needsSignatures: boolean;
  /** True for servers that refuse an answer with more than one call. */
  takesOneCall: boolean;
  /** True for servers that accept no question directly after the result of a tool. */
  needsAnswerAfterTool: boolean;
}

/** Chat Completions at OpenAI itself. */
export const OPENAI_QUIRKS: ServerQuirks = {
  maxTokensField: 'max_completion_tokens',
  systemRole: 'developer',
  supportsStreamUsage: true,
  supportsCacheKey: true,
  supportsFiles: true,
  structuredOutput: 'json-schema',
  toolCallIdPattern: /^[a-zA-Z0-9_-]{1,40}$/,
  toolCallIdLength: 24,
  marksCache: false,
  reportsCost: false,
  needsReasoning: false,
  needsSignatures: false,
  takesOneCall: false,
  needsAnswerAfterTool: false,
};

/** The usual abilities of other servers. */
export const COMPATIBLE_QUIRKS: ServerQuirks = {
  ...OPENAI_QUIRKS,
  maxTokensField: 'max_tokens',
  systemRole: 'system',
  supportsCacheKey: false,
  supportsFiles: false,
};
