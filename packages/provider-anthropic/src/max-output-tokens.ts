// The API insists on a limit. These are the most that each family takes; first match counts.
const LIMITS: readonly (readonly [RegExp, number])[] = [
  [/claude-(?:3-(?:opus|sonnet|haiku)|2|instant)/, 4096],
  [/claude-3-5/, 8192],
  [/claude-3-7/, 64_000],
  [/claude-opus-4(?:-1|-0|-2025\d{4}|$)/, 32_000],
  [/claude/, 64_000],
];

const FALLBACK = 8192;

export function maxOutputTokens(model: string): number {
  return LIMITS.find(([pattern]) => pattern.test(model))?.[1] ?? FALLBACK;
}
