import type { Part, Session, Store } from '@synapse/core';
import { limitTime, type Target } from '@synapse/core/conversation';
import type { RunningCleanup } from '../cleanup/start-background-cleanup.ts';
import type { App, OpenModel } from '../wiring.ts';
import type { AnswerSchema } from './answer-schema.ts';
import type { Answer, OneShotOutput } from './answer.ts';
import type { Conversation } from './conversation.ts';
import type { OpenOptions } from './held-session.ts';
import { fitSchema } from './fit-schema.ts';
import { describeSummary } from './summarise-session.ts';

export interface OneShot {
  target: Target;
  parts: Part[];
  /** The typed prompt, without piped or attached text; a session without a title is named after it. */
  titleText: string;
  /** Continues a copy of the session. */
  isForked: boolean;
  isTakenOver: boolean;
  /** Nothing is stored. */
  isEphemeral: boolean;
  /** Chooses the model again, if the session turns out to differ from `target`. */
  chooseAgain: (session: Session) => Promise<OpenModel>;
  schema: AnswerSchema | null;
  output: OneShotOutput;
  notify: (text: string) => void;
  onHeld: OpenOptions['onHeld'];
  /** Called with the id of the session once failures concern that session. */
  onSession: (id: string) => void;
  signal: AbortSignal;
  /** Called when the question is stored. */
  onBegin: () => void;
  /** Starts background work with the first words of the answer. */
  startBeside: () => RunningCleanup;
}

/** Opens the conversation, asks once and closes it; shows the answer as it arrives. */
export async function runOneShot(
  app: Pick<App, 'settings' | 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  conversation: Conversation,
  shot: OneShot,
): Promise<Answer> {
  const { output, schema, titleText } = shot;
  let begun: Session | undefined;
  let beside: RunningCleanup | undefined;
  let time: ReturnType<typeof limitRun> | undefined;
  try {
    const isNew = await open(conversation, shot);
    time = limitRun(app, shot.signal);
    const { signal } = time;
    const warning = isNew ? undefined : await conversation.costWarning();
    if (warning !== undefined) shot.notify(warning);

    const ask = async (parts: Part[]): Promise<Answer> => {
      const options = { signal, titleText, outputSchema: schema?.output ?? null };
      for await (const event of conversation.ask(parts, options)) {
        if (begun === undefined) {
          begun = (await conversation.use()).session;
          if (!shot.isEphemeral) shot.onSession(begun.id);
          shot.onBegin();
          output.begin(begun, isNew);
        }
        await output.event(event);
        if (event.type === 'text-delta') beside ??= shot.startBeside();
        if (event.type !== 'turn-result') continue;
        const { message, spent } = event;
        return { session: begun, message, isSaved: event.isSaved && !shot.isEphemeral, spent };
      }
      throw new Error('A turn ended without a result.');
    };
    const notice = async (text: string) => output.event({ type: 'notice', text });
    const first = await ask(shot.parts);
    const answer = schema ? await fitSchema(first, { schema, ask, notice }) : first;
    await output.end(answer, sessions);
    await compactIfFull(app, conversation, answer, { notify: shot.notify, signal });
    return answer;
  } catch (error) {
    if (begun) await output.fail({ session: begun, isSaved: !shot.isEphemeral }, sessions);
    throw error;
  } finally {
    time?.release();
    await beside?.finish();
    await conversation.close();
  }
}

/** True if the session was created. */
async function open(conversation: Conversation, shot: OneShot): Promise<boolean> {
  const { target, isForked, isTakenOver, onHeld, signal } = shot;
  if (!('id' in target)) {
    await conversation.begin(target);
    await conversation.use(shot.titleText);
    if (conversation.isCreated) return true;
  } else {
    const session = isForked ? await conversation.copyOf(target) : target;
    shot.onSession(session.id);
    await conversation.open(session, { isTakenOver, onHeld, signal });
  }
  const { session } = await conversation.use();
  shot.onSession(session.id);
  if (!isSameModel(target, session)) await conversation.setModel(await shot.chooseAgain(session));
  return false;
}

/** Whether the session still has the model that it had when it was found. */
function isSameModel(target: Target, { provider, model }: Session): boolean {
  return 'id' in target && target.provider === provider && target.model === model;
}

/** The answer is shown already: a failure here is reported, and spoils nothing. */
export async function compactIfFull(
  { logger }: Pick<App, 'logger'>,
  conversation: Conversation,
  { message }: Pick<Answer, 'message'>,
  { notify, signal }: { notify: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  if (conversation.isFarFromFull(message)) return;
  try {
    const text = describeSummary(await conversation.summarise({ isForced: false, signal }));
    if (text !== undefined) notify(text);
  } catch (error) {
    logger.warn({ error, sessionId: conversation.session?.id }, 'no summary was made');
    notify('no summary was made; the full session stays stored');
  }
}

/** Ends a run that takes longer than the settings allow. */
export function limitRun(
  { settings: { limits }, clock }: Pick<App, 'settings' | 'clock'>,
  signal: AbortSignal,
): { signal: AbortSignal; release(): void } {
  if (limits.timeout === 0) return { signal, release: () => undefined };
  return limitTime(signal, limits.timeout * 1000, clock);
}
