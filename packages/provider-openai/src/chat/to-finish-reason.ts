import type { FinishReason } from '@synapse/core';

const UNIFIED = new Map<string | undefined, FinishReason['unified']>([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['content_filter', 'content-filter'],
  ['safety', 'content-filter'],
]);

/** The content of the answer counts more than the reason: some send `stop` although there are calls. */
export function toFinishReason(
  raw: string | null,
  { hasCalls, isRefusal }: { hasCalls: boolean; isRefusal: boolean },
): FinishReason {
  const unified = UNIFIED.get(raw?.toLowerCase()) ?? 'unknown';
  if (unified === 'length' || unified === 'content-filter') return { unified, raw };
  if (hasCalls) return { unified: 'tool-calls', raw };
  if (isRefusal) return { unified: 'refusal', raw };
  return { unified: unified === 'tool-calls' ? 'stop' : unified, raw };
}
