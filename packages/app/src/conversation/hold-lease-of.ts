import type { Store } from '@synapse/core';
import {
  holdLease,
  holderState,
  thisProcess,
  type HeldLease,
  type HoldOptions,
} from '@synapse/core/conversation';
import type { App } from '../wiring.ts';

export type HoldChoice = Pick<HoldOptions, 'isForced' | 'patienceMs' | 'signal'>;

/** Makes this process the one that writes to the session; `isForced` ends another's lease. */
export function holdLeaseOf(
  { clock, logger }: Pick<App, 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  sessionId: string,
  choice: HoldChoice = {},
): Promise<HeldLease> {
  return holdLease({
    sessions,
    sessionId,
    holder: thisProcess(),
    clock,
    logger,
    lifeOf: holderState,
    ...choice,
  });
}
