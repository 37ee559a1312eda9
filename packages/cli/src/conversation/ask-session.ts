import {
  joinSignals,
  pricedBy,
  runTurn,
  type ModelRequest,
  type Part,
  type Store,
  type TurnEvent,
} from '@synapse/core';
import type { App } from '../wiring.ts';
import type { Talk } from './talk.ts';

/** One turn of a session, with the prices, the limits, the clock and the log of this program. */
export async function* askSession(
  app: Pick<App, 'settings' | 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  { session, lease, model, context, tools, outputSchema, limit }: Talk,
  { parts, signal }: { parts: Part[]; signal: AbortSignal },
): AsyncGenerator<TurnEvent> {
  const { clock, logger } = app;
  const { provider, setup } = model;
  const build = async (offered: ModelRequest['tools']) => {
    const { maxOutputTokens, temperature } = setup;
    const shape = { tools: offered, outputSchema, maxOutputTokens, temperature };
    const request = await context.request(shape, { sessions, lease, clock });
    limit.checkRequest(request);
    return request;
  };
  const shrink = async (refused: ModelRequest) => {
    context.tighten();
    return build(refused.tools);
  };
  const joined = joinSignals([signal, limit.signal]);
  const turn = runTurn({
    ...{ sessions, sessionId: session.id, lease, provider, model: setup.model, parts, tools },
    buildRequest: build,
    shrinkRequest: context.options.settings.strategy === 'full' ? undefined : shrink,
    costOf: pricedBy(app.settings.prices),
    checkBudget: (spent) => limit.checkSpent(spent.costNanoUsd),
    ...{ clock, logger },
    signal: joined.signal,
  });
  try {
    for await (const event of turn) {
      limit.watch(event);
      if (event.type === 'turn-result') limit.settle(event.spent.costNanoUsd);
      yield event;
    }
  } finally {
    joined.release();
  }
}
