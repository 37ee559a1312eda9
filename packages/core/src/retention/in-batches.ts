import type { RetentionStep } from './retention-step.ts';

// Measured on SQLite with two cores: a purge of five hundred messages holds the lock for some 50 ms.
const MAX_SESSIONS = 200;
const MAX_PURGED_MESSAGES = 500;

export interface RetentionBatch {
  action: RetentionStep['action'];
  reason: string;
  steps: RetentionStep[];
}

/** Cuts the steps into transactions that nobody has to wait for; a session is never cut in two. */
export function inBatches(steps: readonly RetentionStep[]): RetentionBatch[] {
  const batches: RetentionBatch[] = [];
  let messageCount = 0;
  for (const step of steps) {
    const { action, reason, candidate } = step;
    const last = batches.at(-1);
    const cost = action === 'purge' ? candidate.messageCount : 0;
    const fits =
      last?.action === action &&
      last.reason === reason &&
      last.steps.length < MAX_SESSIONS &&
      messageCount + cost <= MAX_PURGED_MESSAGES;
    if (fits) last.steps.push(step);
    else batches.push({ action, reason, steps: [step] });
    messageCount = fits ? messageCount + cost : cost;
  }
  return batches;
}
