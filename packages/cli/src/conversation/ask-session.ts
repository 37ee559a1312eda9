import {
  costOf,
  findPrice,
  runTurn,
  type Lease,
  type ModelProvider,
  type Part,
  type ProviderSetup,
  type Session,
  type Store,
  type TurnEvent,
} from '@synapse/core';
import type { App } from '../wiring.ts';
import { buildRequest } from './build-request.ts';

export interface Question {
  session: Session;
  lease: Lease;
  parts: Part[];
  provider: ModelProvider;
  setup: ProviderSetup;
  signal: AbortSignal;
}

/** One turn of a session with the prices, the clock and the log of this program. */
export function askSession(
  app: Pick<App, 'settings' | 'clock' | 'logger'>,
  store: Store,
  question: Question,
): AsyncGenerator<TurnEvent> {
  const { session, setup, ...rest } = question;
  return runTurn({
    ...rest,
    sessions: store.sessions,
    sessionId: session.id,
    model: setup.model,
    buildRequest: () => buildRequest(store, session, setup),
    costOf: (usage, name, model) =>
      costOf(usage, findPrice(name, model, usage.inputTokens, app.settings.prices)),
    clock: app.clock,
    logger: app.logger,
  });
}
