import type { FinishReason } from '@synapse/core';

const UNIFIED = new Map<string | null, FinishReason['unified']>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'refusal'],
]);

export function toFinishReason(raw: string | null): FinishReason {
  return { unified: UNIFIED.get(raw) ?? 'unknown', raw };
}
