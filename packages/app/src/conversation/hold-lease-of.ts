import type { Store } from '@synapse/core';
import { holdLease, holderState, thisProcess, type HeldLease } from '@synapse/core/conversation';
import type { App } from '../wiring.ts';

/** Makes this process the one that writes to the session; `isForced` ends another's lease. */
export function holdLeaseOf(
  { clock, logger }: Pick<App, 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  sessionId: string,
  { isForced = false } = {},
): Promise<HeldLease> {
  return holdLease({
    sessions,
    sessionId,
    holder: thisProcess(),
    clock,
    logger,
    lifeOf: holderState,
    isForced,
  });
}
