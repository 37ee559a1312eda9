import { ProviderError } from '../errors/provider-error.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { Answer } from './answer.ts';
import type { TurnOptions } from './turn-options.ts';

const ASKING_AGAIN =
  'The model finds the request too long; asking again with less of what was said.';

/** The answer to a request, or to a smaller one where the provider finds that too long. */
export async function* streamFitting(
  request: ModelRequest,
  answer: Answer,
  { provider, shrinkRequest, signal }: TurnOptions,
): AsyncGenerator<StreamEvent> {
  answer.start(request);
  try {
    yield* provider.stream(request, signal);
    return;
  } catch (error) {
    if (!shrinkRequest || answer.hasBegun || !isTooLong(error)) throw error;
  }
  const smaller = await shrinkRequest(request);
  yield { type: 'notice', text: ASKING_AGAIN };
  answer.start(smaller);
  yield* provider.stream(smaller, signal);
}

function isTooLong(error: unknown): boolean {
  return error instanceof ProviderError && error.reason === 'context-length';
}
