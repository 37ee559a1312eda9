import type { RetentionCandidate } from '../ports/retention-store.ts';

export interface RetentionStep {
  candidate: RetentionCandidate;
  action: 'trash' | 'purge';
  /** The rule that asks for it, in words. */
  reason: string;
}
