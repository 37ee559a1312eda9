import {
  keepModel,
  limitTime,
  type Part,
  type Session,
  type Store,
  type TurnTools,
} from '@synapse/core';
import type { RunningCleanup } from '../cleanup/start-cleanup-beside.ts';
import { askSession } from './ask-session.ts';
import { limitCost } from './limit-cost.ts';
import { openContext } from './open-context.ts';
import { startNaming, type RunningNaming } from './start-naming.ts';
import { describeSummary, isFarFromFull, summariseSession } from './summarise-session.ts';
import type { Talk } from './talk.ts';
import { warnOfCost } from './warn-of-cost.ts';
import type { App, OpenModel } from '../wiring.ts';
import type { AnswerSchema } from './answer-schema.ts';
import { fitSchema } from './fit-schema.ts';
import { holdSession, type HoldChoice } from './hold-session.ts';
import type { Answer, OneShotOutput } from './answer.ts';
import { openSession, type NewSessionWish } from './open-session.ts';

export interface OneShot {
  parts: Part[];
  /** What the person typed, without what was piped in or attached; a new session is named by it. */
  titleText: string;
  /** The session to go on with, or what to make. */
  session: Session | NewSessionWish;
  isForked: boolean;
  isTakenOver: boolean;
  /** Nothing of it is kept. */
  isEphemeral: boolean;
  model: OpenModel;
  /** Chooses again, where the session turns out to be another than `session` says. */
  chooseAgain: (session: Session) => Promise<OpenModel>;
  tools: TurnTools | undefined;
  schema: AnswerSchema | null;
  output: OneShotOutput;
  say: (text: string) => void;
  askAboutHeld: HoldChoice['askAboutHeld'];
  /** Called with the id of the session as soon as failures are about it. */
  onSession: (id: string) => void;
  signal: AbortSignal;
  /** Called when the question is stored. */
  onBegin: () => void;
  /** Begins, with the first words of the answer, what nobody should have to wait for. */
  startBeside: () => RunningCleanup;
}

/** Asks within a session that exists or is made for it, and shows the answer. */
export async function runOneShot(app: App, store: Store, shot: OneShot): Promise<Answer> {
  const { output, schema } = shot;
  const opened = await openSession(app, store, { ...shot, setup: shot.model.setup });
  const { isNew } = opened;
  if (!isNew) shot.onSession(opened.session.id);
  const { session: chosen, held } = await holdSession(app, store, opened.session, shot);
  const time = limitRun(app, shot.signal);
  const { signal } = time;
  let begun: Session | undefined;
  let beside: RunningCleanup | undefined;
  let naming: RunningNaming | undefined;
  try {
    const isAsRead = isNew || isSameModel(shot.session, chosen);
    const model = isAsRead ? shot.model : await shot.chooseAgain(chosen);
    const { setup } = model;
    const answerer = { provider: setup.name, model: setup.model };
    const session = await keepModel(store.sessions, chosen, answerer, held.lease);
    const talk: Talk = {
      session,
      lease: held.lease,
      model,
      context: openContext(app, store, session, setup, () => shot.tools),
      tools: shot.tools,
      outputSchema: schema?.output ?? null,
      limit: await limitCost(app, store, { session, setup }),
    };
    const warning = isNew ? undefined : await warnOfCost(app, session, talk.context);
    if (warning !== undefined) shot.say(warning);

    const ask = async (parts: Part[]): Promise<Answer> => {
      for await (const event of askSession(app, store, talk, { parts, signal })) {
        if (begun === undefined) {
          begun = session;
          if (!shot.isEphemeral) shot.onSession(session.id);
          shot.onBegin();
          output.begin(session, isNew);
        }
        await output.event(event);
        if (event.type === 'text-delta') {
          beside ??= shot.startBeside();
          if (isNew) naming ??= startNaming(app, store, talk, { question: parts, signal });
        }
        if (event.type !== 'turn-result') continue;
        const { message, spent } = event;
        return { session, message, isSaved: event.isSaved && !shot.isEphemeral, spent };
      }
      throw new Error('A turn ended without a result.');
    };
    const notice = async (text: string) => output.event({ type: 'notice', text });
    const first = await ask(shot.parts);
    const answer = schema ? await fitSchema(first, { schema, ask, notice }) : first;
    await output.end(answer, store.sessions);
    await keepContextSmall(app, store, talk, { message: answer.message, say: shot.say, signal });
    return answer;
  } catch (error) {
    if (begun) {
      await output.fail({ session: begun, isSaved: !shot.isEphemeral }, store.sessions);
    }
    throw error;
  } finally {
    await naming?.finish();
    time.release();
    await beside?.finish();
    await held.release();
  }
}

/** Whether the session still names the model that it named when it was looked for. */
function isSameModel(before: OneShot['session'], { provider, model }: Session): boolean {
  return 'id' in before && before.provider === provider && before.model === model;
}

/** Behind the answer, which is told already: what goes wrong here is said, and spoils nothing. */
async function keepContextSmall(
  app: App,
  store: Store,
  talk: Talk,
  { message, say, signal }: Pick<Answer, 'message'> & Pick<OneShot, 'say' | 'signal'>,
): Promise<void> {
  if (isFarFromFull(talk, message)) return;
  try {
    const report = await summariseSession(app, store, talk, { signal });
    const text = describeSummary(report);
    if (text !== undefined) say(text);
  } catch (error) {
    app.logger.warn({ error, sessionId: talk.session.id }, 'no summary was made');
    say('no summary was made; everything is kept');
  }
}

function limitRun(
  { settings: { limits }, clock }: App,
  signal: AbortSignal,
): { signal: AbortSignal; release(): void } {
  if (limits.timeout === 0) return { signal, release: () => undefined };
  return limitTime(signal, limits.timeout * 1000, clock);
}
