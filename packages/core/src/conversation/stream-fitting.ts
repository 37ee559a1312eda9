import { ProviderError } from '../errors/provider-error.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { Answer } from './answer.ts';
import type { TurnState } from './turn-state.ts';

const ASKING_AGAIN =
  'The model finds the request too long; asking again with less of what was said.';

/** The answer to a request, or to a smaller one where the provider finds that too long. */
export async function* streamFitting(
  request: ModelRequest,
  answer: Answer,
  { options, store }: TurnState,
): AsyncGenerator<StreamEvent> {
  const { provider, shrinkRequest, signal } = options;
  answer.start(request);
  try {
    yield* provider.stream(request, signal);
    return;
  } catch (error) {
    if (!shrinkRequest || answer.hasBegun || !isTooLong(error)) throw error;
  }
  const smaller = await shrinkRequest(request, store.sessions);
  yield { type: 'notice', text: ASKING_AGAIN };
  answer.start(smaller);
  yield* provider.stream(smaller, signal);
}

function isTooLong(error: unknown): boolean {
  return error instanceof ProviderError && error.reason === 'context-length';
}
