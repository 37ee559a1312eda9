import {
  costOf,
  findPrice,
  limitTime,
  runTurn,
  type ModelProvider,
  type Part,
  type ProviderSetup,
  type Session,
  type Store,
  type TurnOptions,
  type TurnTools,
} from '@synapse/core';
import type { RunningCleanup } from '../cleanup/start-cleanup-beside.ts';
import type { App } from '../wiring.ts';
import type { AnswerSchema } from './answer-schema.ts';
import { buildRequest } from './build-request.ts';
import { fitSchema } from './fit-schema.ts';
import { holdSession } from './hold-session.ts';
import { limitCost } from './limit-cost.ts';
import type { Answer, OneShotOutput } from './one-shot-output.ts';
import { openSession, type NewSessionWish } from './open-session.ts';

export interface OneShot {
  parts: Part[];
  /** The session to go on with, or what to make. */
  session: Session | NewSessionWish;
  isForked: boolean;
  isTakenOver: boolean;
  provider: ModelProvider;
  setup: ProviderSetup;
  tools: TurnTools | undefined;
  schema: AnswerSchema | null;
  output: OneShotOutput;
  say: (text: string) => void;
  signal: AbortSignal;
  /** Begins, with the first words of the answer, what nobody should have to wait for. */
  startBeside: () => RunningCleanup;
}

/** Asks within a session that exists or is made for it, and shows the answer. */
export async function runOneShot(app: App, store: Store, shot: OneShot): Promise<Answer> {
  const { output, schema, setup } = shot;
  const opened = await openSession(app, store, shot);
  const { session, held } = await holdSession(app, store, opened, shot);
  const cost = limitCost(app, session, setup);
  const time = limitRun(app, AbortSignal.any([shot.signal, cost.signal]));

  let earlierNanoUsd = 0;
  let beside: RunningCleanup | undefined;
  const ask = async (parts: Part[]): Promise<Answer> => {
    const options: TurnOptions = {
      sessions: store.sessions,
      sessionId: session.id,
      lease: held.lease,
      provider: shot.provider,
      model: setup.model,
      parts,
      async buildRequest(tools) {
        const outputSchema = schema?.output ?? null;
        const request = await buildRequest(store, { session, setup, tools, outputSchema });
        cost.checkRequest(request);
        return request;
      },
      tools: shot.tools,
      costOf: (usage, name, model) =>
        costOf(usage, findPrice(name, model, usage.inputTokens, app.settings.prices)),
      checkBudget: (spent) => cost.checkSpent(earlierNanoUsd + spent.costNanoUsd),
      clock: app.clock,
      logger: app.logger,
      signal: time.signal,
    };
    for await (const event of runTurn(options)) {
      await output.event(event);
      cost.watch(event);
      if (event.type === 'text-delta') beside ??= shot.startBeside();
      if (event.type !== 'turn-result') continue;
      earlierNanoUsd += event.spent.costNanoUsd;
      const { message, isSaved, spent } = event;
      return { session, message, isSaved, spent };
    }
    throw new Error('A turn ended without a result.');
  };

  try {
    output.begin(session, 'isNew' in shot.session);
    const notice = async (text: string) => output.event({ type: 'notice', text });
    const first = await ask(shot.parts);
    const answer = schema ? await fitSchema(first, { schema, ask, notice }) : first;
    await output.end(answer);
    return answer;
  } catch (error) {
    output.fail();
    throw error;
  } finally {
    time.release();
    await beside?.finish();
    await held.release();
  }
}

function limitRun(
  { settings: { limits }, clock }: App,
  signal: AbortSignal,
): { signal: AbortSignal; release(): void } {
  if (limits.timeout === 0) return { signal, release: () => undefined };
  return limitTime(signal, limits.timeout * 1000, clock);
}
