import {
  joinSignals,
  type Lease,
  type OutputSchema,
  type Session,
  type Store,
} from '@synapse/core';
import {
  runTurn,
  type ContextNotice,
  type SessionContext,
  type TurnContext,
  type TurnEvent,
  type TurnOptions,
  type TurnSessions,
  type TurnTools,
} from '@synapse/core/conversation';
import { pricesOf } from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';
import type { App, OpenModel } from '../wiring.ts';
import type { CostLimit } from './limit-cost.ts';

/** The context of a turn. */
export interface TurnSetup {
  session: Session;
  lease: Lease;
  model: OpenModel;
  context: SessionContext;
  tools: TurnTools | undefined;
  outputSchema: OutputSchema | null;
  limit: CostLimit;
}

interface AskedSetup extends Omit<TurnSetup, 'context'> {
  context: TurnContext & Pick<SessionContext, 'takeNotices'>;
}

interface AskedTurn extends Pick<
  TurnOptions,
  'parts' | 'questionId' | 'opening' | 'answerId' | 'signal'
> {
  instead: number | null;
}

/** One turn of a session, with the prices, the limits, the clock and the log of this program. */
export async function* askTurn(
  app: Pick<App, 'settings' | 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  { session, lease, model, context, tools, outputSchema, limit }: AskedSetup,
  { parts, questionId, signal, instead, opening, answerId }: AskedTurn,
): AsyncGenerator<TurnEvent> {
  const { clock, logger } = app;
  const { provider, setup } = model;
  const { maxOutputTokens, temperature } = setup;
  const joined = joinSignals([signal, limit.signal]);
  const counted = countCosts(sessions);
  const turn = runTurn({
    ...{ sessions: counted.sessions, sessionId: session.id, lease, provider, model: setup.model },
    ...{ parts, tools },
    ...{ questionId, opening, answerId },
    ...{ context, instead, budget: limit, prices: pricesOf(ownModels(app.settings)) },
    shape: { outputSchema, maxOutputTokens, temperature },
    ...{ clock, logger, signal: joined.signal },
  });
  let isUnderWay = false;
  try {
    for await (const event of turn) {
      limit.watch(event);
      for (const notice of context.takeNotices()) {
        yield { type: 'notice', text: describeNotice(notice, setup.model) };
      }
      if (event.type === 'message-stored') isUnderWay = true;
      if (event.type === 'turn-result') {
        limit.settle(event.spent.costNanoUsd);
        isUnderWay = false;
      }
      yield event;
    }
  } finally {
    joined.release();
    // An interrupted turn costs what it has stored.
    if (isUnderWay) limit.settle(counted.sum());
  }
}

function describeNotice(notice: ContextNotice, model: string): string {
  switch (notice.kind) {
    case 'left-out':
      return 'the oldest messages no longer fit and are left out of requests; they stay stored, and "context compact" summarises them';
    case 'unread': {
      const names = notice.images.map(({ name, mediaType }) => name ?? mediaType).join(', ');
      return `${model} reads no images and gets only their names: ${names}`;
    }
  }
}

/** The sessions of a turn, and the sum of the costs that it has stored in them. */
function countCosts(sessions: TurnSessions): { sessions: TurnSessions; sum: () => number } {
  // By message, because an answer is stored several times.
  const costs = new Map<string, number>();
  return {
    sessions: {
      append: async (...message) => {
        const stored = await sessions.append(...message);
        for (const { id, cost } of stored) costs.set(id, cost?.nanoUsd ?? 0);
        return stored;
      },
      messages: (...page) => sessions.messages(...page),
      promptMessages: (...page) => sessions.promptMessages(...page),
    },
    sum: () => [...costs.values()].reduce((sum, cost) => sum + cost, 0),
  };
}
