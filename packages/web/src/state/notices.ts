import { signal } from '@preact/signals';
import { Problem } from '../api/problem.ts';

/** A sentence at the foot of the page, for a while; at most one. */
export interface Notice {
  text: string;
  hint: string | undefined;
  isProblem: boolean;
  action: { label: string; run: () => void } | undefined;
}

export const notice = signal<Notice | null>(null);

export function tellAction(text: string, label: string, run: () => void): void {
  notice.value = { text, hint: undefined, isProblem: false, action: { label, run } };
}

export function tellProblem(error: unknown): void {
  const { text, hint } = describeProblem(error);
  notice.value = { text, hint, isProblem: true, action: undefined };
}

export function describeProblem(error: unknown): { text: string; hint: string | undefined } {
  if (error instanceof Problem) return { text: error.message, hint: error.hint };
  return { text: 'The page failed unexpectedly.', hint: String(error) };
}
