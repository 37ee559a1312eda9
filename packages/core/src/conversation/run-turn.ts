import {
  InterruptedError,
  InvalidDataError,
  type LimitReachedError,
} from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import { newId } from '../session/id.ts';
import { lengthOf, MAX_MESSAGE_LENGTH } from '../session/message-length.ts';
import { newMessage, type NewMessage } from '../session/message.ts';
import type { ToolCallPart, ToolResultPart } from '../session/part.ts';
import { noteRefused } from '../context/refused-attachments.ts';
import { Answer } from './answer.ts';
import { streamFitting } from './stream-fitting.ts';
import { refusalFor, runTools } from './run-tools.ts';
import { TurnState } from './turn-state.ts';
import type { TurnEvent, TurnOptions } from './turn-options.ts';

/**
 * Asks and remembers. The question is stored before the provider is called; the answer is
 * checkpointed about once a second while it streams, and stored when it ends, however it ends.
 *
 * An answer that calls tools is stored as `running` before the first of them begins, and completed
 * together with their results; then the model is asked again, until it calls nothing more. So
 * whatever took effect is known to the session, and no moment leaves a session that a provider
 * would refuse.
 *
 * Throws what the provider threw, InterruptedError when the signal was aborted, LimitReachedError
 * when there was more to do than was permitted, and StorageError when calls could not be stored.
 * In each case the answer so far is stored first, marked as `failed` or `interrupted` where
 * it is not complete.
 */
export async function* runTurn(options: TurnOptions): AsyncGenerator<TurnEvent> {
  const { clock } = options;
  const state = new TurnState(options);
  options.budget?.checkSpent(state.spent);
  if (lengthOf(options.parts) > MAX_MESSAGE_LENGTH) {
    throw new InvalidDataError('The question and its attached text are larger than 16 MiB.', {
      hint: 'Shorten the question, or attach less text.',
    });
  }
  const question = newMessage({
    id: newId(clock.now().getTime()),
    role: 'user',
    parts: options.parts,
    createdAt: clock.now(),
  });
  const stored = await state.store.begin(question);
  if (stored) yield { type: 'message-stored', message: stored };
  while (yield* runRound(state));
}

/** One answer and the calls in it; true if the results need another answer. */
async function* runRound(state: TurnState): AsyncGenerator<TurnEvent, boolean> {
  const { options } = state;
  const { provider, signal, sessionId } = options;
  const answer = new Answer(options, state.store);
  const results: ToolResultPart[] = [];
  let isSettled = false;
  let round: Round;
  try {
    round = yield* answerAndCall(state, answer, results);
    isSettled = true;
  } catch (error) {
    isSettled = true;
    const failure = signal.aborted ? asInterruption(signal.reason) : error;
    options.logger.warn({ sessionId, provider: provider.name, error: failure }, 'a turn failed');
    await storeBroken(failure);
    yield* reportRefused(state, failure);
    throw failure;
  } finally {
    // The caller stopped reading in mid-stream, without aborting.
    if (!isSettled)
      await storeBroken(new InterruptedError('The caller stopped reading the events.'));
  }

  if (round.limit) throw round.limit;
  if (round.hasCalls) return true;
  const message = answer.completed();
  const { model, usage, latencyMs } = message;
  options.logger.debug({ provider: provider.name, model, usage, latencyMs }, 'a turn');
  const storageError = await answer.storeLast(message);
  if (storageError) yield { type: 'storage-failed', error: storageError };
  yield { type: 'turn-result', message, isSaved: !storageError, spent: state.spent };
  return false;

  /** Results that came before the end are kept: their effects have happened. */
  async function storeBroken(failure: unknown): Promise<void> {
    const broken = answer.failed(failure);
    const { status, error } = broken;
    const resultMessages =
      results.length > 0 ? [{ ...toMessage(results, options), status, error }] : [];
    await answer.store(broken, ...resultMessages);
  }
}

/** Notes what the provider refused, which later requests leave out, and names it in a notice. */
async function* reportRefused(
  { options, store }: TurnState,
  failure: unknown,
): AsyncGenerator<TurnEvent> {
  const { sessionId, lease, clock, provider, model, logger } = options;
  const answerer = { provider: provider.name, model };
  const writer = { sessions: store.sessions, sessionId, lease, clock };
  try {
    const refused = await noteRefused(writer, answerer, failure);
    if (refused.length === 0) return;
    const names = refused.map(({ name, mediaType }) => name ?? mediaType).join(', ');
    yield { type: 'notice', text: `From now on, requests to ${model} leave out ${names}.` };
  } catch (error) {
    // What ended the turn is what the person has to know.
    logger.error({ error, sessionId }, 'a refusal could not be stored');
  }
}

interface Round {
  /** The calls of the answer have their results, and these are stored. */
  hasCalls: boolean;
  /** The limit that forbade them, and forbids another answer. */
  limit: LimitReachedError | null;
}

/** The answer as it streams, then its calls; an answer without any is left for the caller to store. */
async function* answerAndCall(
  state: TurnState,
  answer: Answer,
  results: ToolResultPart[],
): AsyncGenerator<TurnEvent, Round> {
  const { options } = state;
  const toolbox = await state.openToolbox();
  const request = await state.buildRequest(toolbox?.definitions() ?? []);
  for await (const event of streamFitting(request, answer, state)) {
    answer.add(event);
    yield event;
  }
  state.add(answer.completed());
  const calls = callsToAnswer(answer);
  if (!toolbox || calls.length === 0) return { hasCalls: false, limit: null };
  const limit = state.nextLimit();
  throwIfAny(await answer.store(answer.running()));
  const refusal = limit ? refusalFor(limit) : cutOff(answer);
  yield* runTools({ ...options, repeats: state.repeats, toolbox, calls, refusal, results });
  throwIfAny(await answer.store(answer.completed(), toMessage(results, options)));
  return { hasCalls: true, limit };
}

/** The calls that want a result; what was refused or filtered ends the turn with its calls unrun. */
function callsToAnswer(answer: Answer): ToolCallPart[] {
  const reason = answer.turnEnd?.finishReason.unified;
  const isWithdrawn = reason === undefined || reason === 'refusal' || reason === 'content-filter';
  return isWithdrawn ? [] : answer.calls();
}

/** If an answer reached its maximum length, its arguments may only look complete. */
function cutOff(answer: Answer): string | null {
  if (answer.turnEnd?.finishReason.unified !== 'length') return null;
  return 'The answer was cut off at its maximum length, so its calls were not run.';
}

function toMessage(results: readonly ToolResultPart[], { clock }: TurnOptions): NewMessage {
  const createdAt = clock.now();
  return newMessage({
    id: newId(createdAt.getTime()),
    role: 'tool',
    parts: [...results],
    createdAt,
  });
}

function throwIfAny(error: SynapseError | null): void {
  if (error) throw error;
}

function asInterruption(reason: unknown): SynapseError {
  if (reason instanceof SynapseError) return reason;
  return new InterruptedError('The answer was interrupted.', { cause: reason });
}
