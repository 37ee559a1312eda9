import {
  joinSignals,
  type Lease,
  type Message,
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
  type TurnTools,
} from '@synapse/core/conversation';
import { pricesOf } from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';
import type { App, OpenModel } from '../wiring.ts';
import type { CostLimit } from './limit-cost.ts';

const MOST_OF_A_TURN = 500;

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
  const turn = runTurn({
    ...{ sessions, sessionId: session.id, lease, provider, model: setup.model, parts, tools },
    ...{ questionId, opening, answerId },
    ...{ context, instead, budget: limit, prices: pricesOf(ownModels(app.settings)) },
    shape: { outputSchema, maxOutputTokens, temperature },
    ...{ clock, logger, signal: joined.signal },
  });
  let underWay: Message | null = null;
  try {
    for await (const event of turn) {
      limit.watch(event);
      for (const notice of context.takeNotices()) {
        yield { type: 'notice', text: describeNotice(notice, setup.model) };
      }
      if (event.type === 'message-stored') underWay = event.message;
      if (event.type === 'turn-result') {
        limit.settle(event.spent.costNanoUsd);
        underWay = null;
      }
      yield event;
    }
  } finally {
    joined.release();
    if (underWay) limit.settle(await costOfInterrupted(app, sessions, underWay));
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

/** The cost of an interrupted turn, as far as it is stored. */
async function costOfInterrupted(
  { logger }: Pick<App, 'logger'>,
  sessions: Store['sessions'],
  { sessionId, seq, turn }: Message,
): Promise<number> {
  const page = { limit: MOST_OF_A_TURN, after: seq, turns: 'all' as const };
  try {
    const stored = await sessions.messages(sessionId, page);
    return stored
      .filter((message) => message.turn === turn)
      .reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0);
  } catch (error) {
    // The user has to see the failure of the turn itself.
    logger.warn({ error, sessionId }, 'the cost of an interrupted turn is unknown');
    return 0;
  }
}
