import type { RetentionStep } from './plan-retention.ts';

export const MAX_SESSIONS = 200;

export interface RetentionBatch {
  action: RetentionStep['action'];
  reason: string;
  steps: RetentionStep[];
}

/** Divides the steps into calls of the store, between which a cleanup can stop. */
export function inBatches(steps: readonly RetentionStep[]): RetentionBatch[] {
  const batches: RetentionBatch[] = [];
  for (const step of steps) {
    const { action, reason } = step;
    const last = batches.at(-1);
    const fits =
      last?.action === action && last.reason === reason && last.steps.length < MAX_SESSIONS;
    if (fits) last.steps.push(step);
    else batches.push({ action, reason, steps: [step] });
  }
  return batches;
}
