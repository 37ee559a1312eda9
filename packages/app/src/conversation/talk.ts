import type { Lease, OutputSchema, Session, SessionContext, TurnTools } from '@synapse/core';
import type { OpenModel } from '../wiring.ts';
import type { CostLimit } from './limit-cost.ts';

/** A session that this process writes to, and all that its turns have in common. */
export interface Talk {
  session: Session;
  lease: Lease;
  model: OpenModel;
  context: SessionContext;
  tools: TurnTools | undefined;
  outputSchema: OutputSchema | null;
  limit: CostLimit;
}
