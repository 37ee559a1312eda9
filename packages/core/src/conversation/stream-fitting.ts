import { ProviderError, type ProviderFailure } from '../errors/provider-error.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import { withoutReplay } from '../providers/without-replay.ts';
import type { GrowingAnswer } from './growing-answer.ts';
import type { TurnState } from './turn-state.ts';

const NOTICES = {
  'context-length': 'The request is too long for the model; retrying with less of the session.',
  'replay-refused':
    'The provider no longer accepts its own earlier reasoning; retrying without it.',
};

/**
 * Streams the answer to a request. Retries once with a smaller request if this one is too long, and
 * once without replays if the provider no longer accepts them.
 */
export async function* streamFitting(
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
