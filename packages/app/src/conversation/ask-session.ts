import {
  joinSignals,
  type AttachmentReference,
  type Message,
  runTurn,
  type ModelRequest,
  type Part,
  type Store,
  type TurnEvent,
  type TurnSessions,
} from '@synapse/core';
import { pricedBy } from '@synapse/core/models';
import { ownModels } from '../settings/own-models.ts';
import type { App } from '../wiring.ts';
import type { Talk } from './talk.ts';

const MOST_OF_A_TURN = 500;
const LEFT_OUT =
  'the oldest messages no longer fit and are left out of requests; they stay stored, and "context compact" summarises them';

/** One turn of a session, with the prices, the limits, the clock and the log of this program. */
export async function* askSession(
  app: Pick<App, 'settings' | 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  { session, lease, model, context, tools, outputSchema, limit }: Talk,
  {
    parts,
    signal,
    instead = null,
  }: { parts: Part[]; signal: AbortSignal; instead?: number | null },
): AsyncGenerator<TurnEvent> {
  const { clock, logger } = app;
  const { provider, setup } = model;
  const notices: string[] = [];
  const build = async (offered: ModelRequest['tools'], seen: TurnSessions) => {
    const { maxOutputTokens, temperature } = setup;
    const onLeftOut = () => void notices.push(LEFT_OUT);
    const onUnread = (images: readonly AttachmentReference[]) => {
      const names = images.map(({ name, mediaType }) => name ?? mediaType).join(', ');
      notices.push(`${setup.model} reads no images and gets only their names: ${names}`);
    };
    const shape = {
      ...{ tools: offered, outputSchema, maxOutputTokens, temperature },
      ...{ onLeftOut, onUnread },
    };
    const writer = { sessions: seen, lease, clock };
    const request = await context.request({ ...shape, sessions: seen }, writer);
    limit.checkRequest(request);
    return request;
  };
  const shrink = async (refused: ModelRequest, seen: TurnSessions) => {
    context.tighten();
    return build(refused.tools, seen);
  };
  const joined = joinSignals([signal, limit.signal]);
  const turn = runTurn({
    ...{ sessions, sessionId: session.id, lease, provider, model: setup.model, parts, tools },
    instead,
    buildRequest: build,
    shrinkRequest: context.options.settings.strategy === 'full' ? undefined : shrink,
    costOf: pricedBy(ownModels(app.settings)),
    checkBudget: (spent) => limit.checkSpent(spent.costNanoUsd),
    ...{ clock, logger },
    signal: joined.signal,
  });
  let underWay: Message | null = null;
  try {
    for await (const event of turn) {
      limit.watch(event);
      for (const text of notices.splice(0)) yield { type: 'notice', text };
      if (event.type === 'message-stored') underWay = event.message;
      if (event.type === 'turn-result') {
        limit.settle(event.spent.costNanoUsd);
        underWay = null;
      }
      yield event;
    }
  } finally {
    joined.release();
    if (underWay) limit.settle(await costOfBroken(app, sessions, underWay));
  }
}

/** What a turn has cost that broke off, as far as it is stored. */
async function costOfBroken(
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
    // The failure of the turn itself is what the person has to see.
    logger.warn({ error, sessionId }, 'the cost of a turn that broke off is unknown');
    return 0;
  }
}
