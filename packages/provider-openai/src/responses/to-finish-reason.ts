import type { FinishReason } from '@synapse/core';

const INCOMPLETE = new Map<string, FinishReason['unified']>([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content-filter'],
]);

/** `incomplete` is the reason for an incomplete answer; empty for a complete one. */
export function toFinishReason(
  incomplete: string,
  { hasCalls, isRefusal }: { hasCalls: boolean; isRefusal: boolean },
): FinishReason {
  if (incomplete !== '')
    return { unified: INCOMPLETE.get(incomplete) ?? 'unknown', raw: incomplete };
  const raw = 'completed';
  if (hasCalls) return { unified: 'tool-calls', raw };
  return { unified: isRefusal ? 'refusal' : 'stop', raw };
}
