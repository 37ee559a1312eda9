import { noteRefused } from '../context/refused-attachments.ts';
import { ProviderError, type ProviderFailure } from '../errors/provider-error.ts';
import {
  InterruptedError,
  InvalidDataError,
  type LimitReachedError,
} from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import { withoutReplay } from '../providers/without-replay.ts';
import { newId } from '../session/id.ts';
import { lengthOf, MAX_MESSAGE_LENGTH } from '../session/message-length.ts';
import { newMessage, type NewMessage } from '../session/message.ts';
import type { ToolCallPart, ToolResultPart } from '../session/part.ts';
import { GrowingAnswer } from './growing-answer.ts';
import { refusalFor, runTools } from './run-tools.ts';
import type { TurnEvent, TurnOptions } from './turn-options.ts';
import { TurnState } from './turn-state.ts';

const NOTICES = {
  'context-length': 'The request is too long for the model; retrying with less of the session.',
  'replay-refused':
    'The provider no longer accepts its own earlier reasoning; retrying without it.',
};

/**
 * Asks the model and stores each step. The question is stored before the provider is called. The
 * answer is checkpointed about once a second while it streams, and stored when it ends, however it
 * ends. An answer that calls tools is stored as `running` before the first of them begins, and
 * completed together with their results. Then the model is asked again, until it calls no more
 * tools. So the session knows everything that took effect, and at no moment would a provider refuse
 * its history. Throws the provider's error, InterruptedError if the signal was aborted,
 * LimitReachedError if a limit stopped the turn, and StorageError if calls could not be stored. In
 * each case the answer so far is stored first, marked as `failed` or `interrupted` if it is not
 * complete.
 */
export async function* runTurn(options: TurnOptions): AsyncGenerator<TurnEvent> {
  const { clock } = options;
  const state = new TurnState(options);
  options.budget?.checkSpent(state.spent);
  const opened = options.opening?.map(({ parts }) => parts) ?? [options.parts];
  if (opened.some((parts) => lengthOf(parts) > MAX_MESSAGE_LENGTH)) {
    throw new InvalidDataError('The question and its attached text are larger than 16 MiB.', {
      hint: 'Shorten the question, or attach less text.',
    });
  }
  const question = newMessage({
    id: options.questionId ?? newId(clock.now().getTime()),
    role: 'user',
    parts: options.parts,
    createdAt: clock.now(),
  });
  const stored = await state.store.begin(options.opening ?? [question]);
  for (const message of stored) yield { type: 'message-stored', message };
  while (yield* runRound(state));
}

/** One answer and its calls; true if the results need another answer. */
async function* runRound(state: TurnState): AsyncGenerator<TurnEvent, boolean> {
  const { options } = state;
  const { provider, signal, sessionId } = options;
  const answer = new GrowingAnswer(options, state.store, state.takeAnswerId());
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

  /** Results that arrived before the end are kept, because their effects have happened. */
  async function storeBroken(failure: unknown): Promise<void> {
    const broken = answer.failed(failure);
    const { status, error } = broken;
    const resultMessages =
      results.length > 0 ? [{ ...toMessage(results, options), status, error }] : [];
    await answer.store(broken, ...resultMessages);
  }
}

/**
 * Notes the attachments that the provider refused, so that later requests leave them out, and
 * reports them.
 */
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
    // The user has to know the error that ended the turn.
    logger.error({ error, sessionId }, 'a refusal could not be stored');
  }
}

interface Round {
  /** The calls of the answer have their results, and the store has them. */
  hasCalls: boolean;
  /** The limit that forbade the calls, and forbids another answer. */
  limit: LimitReachedError | null;
}

/** Streams the answer, then runs its calls; the caller stores an answer without calls. */
async function* answerAndCall(
  state: TurnState,
  answer: GrowingAnswer,
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

/** The calls to run; the calls of a refused or filtered answer are not run, and end the turn. */
function callsToAnswer(answer: GrowingAnswer): ToolCallPart[] {
  const reason = answer.turnEnd?.finishReason.unified;
  const isWithdrawn = reason === undefined || reason === 'refusal' || reason === 'content-filter';
  return isWithdrawn ? [] : answer.calls();
}

/** If an answer reached its maximum length, its arguments may only look complete. */
function cutOff(answer: GrowingAnswer): string | null {
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

/**
 * Streams the answer to a request. Retries once with a smaller request if this one is too long, and
 * once without replays if the provider no longer accepts them.
 */
async function* streamFitting(
  request: ModelRequest,
  answer: GrowingAnswer,
  state: TurnState,
): AsyncGenerator<StreamEvent> {
  const { provider, context, signal } = state.options;
  const seen = new Set<ProviderFailure>();
  for (let asked = request; ;) {
    answer.start(asked);
    try {
      yield* provider.stream(asked, signal);
      return;
    } catch (error) {
      const reason = error instanceof ProviderError ? error.reason : null;
      if (reason === null || answer.hasBegun || seen.has(reason)) throw error;
      const isTooLong = reason === 'context-length' && context.tighten();
      const isStale = reason === 'replay-refused' && hasReplays(asked);
      if (!isTooLong && !isStale) throw error;
      seen.add(reason);
      yield { type: 'notice', text: NOTICES[reason] };
      if (isTooLong) asked = await state.buildRequest(asked.tools);
      if (seen.has('replay-refused')) {
        asked = { ...asked, messages: withoutReplay(asked.messages) };
      }
    }
  }
}

function hasReplays({ messages }: ModelRequest): boolean {
  return messages.some(({ parts }) => parts.some((part) => 'replay' in part && part.replay));
}
