import type { Message } from '../api/types.ts';

/** What the answers of a turn took; a cost is null where a price is unknown. */
export interface Figures {
  model: string | null;
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
  seconds: number;
}

export function sumFigures(answers: readonly Message[]): Figures | null {
  const made = answers.filter(({ role, usage }) => role === 'assistant' && usage !== null);
  if (made.length === 0) return null;
  const sum = (pick: (message: Message) => number | null) =>
    made.reduce((total, message) => total + (pick(message) ?? 0), 0);
  return {
    model: made.at(-1)?.model ?? null,
    inputTokens: sum(({ usage }) => usage?.inputTokens ?? 0),
    outputTokens: sum(({ usage }) => usage?.outputTokens ?? 0),
    costUsd: made.some(({ costUsd }) => costUsd === null) ? null : sum(({ costUsd }) => costUsd),
    seconds: sum(({ latencyMs }) => latencyMs) / 1000,
  };
}

export function toDollars(usd: number | null): string {
  if (usd === null) return 'no price';
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}

export function toCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 1e6 ? `${trim(count / 1e3)}k` : `${trim(count / 1e6)}M`;
}

function trim(value: number): string {
  return value < 10 ? value.toFixed(1).replace('.0', '') : String(Math.round(value));
}
