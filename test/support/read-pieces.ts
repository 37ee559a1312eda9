import {
  streamAnswer,
  type AnswerReader,
  type MinimalResponse,
  type ProviderContext,
} from '@synapse/provider-http';
import { collectApart, joinDeltas, type ReadProvider } from './read-answer.ts';

export const TEST_CONTEXT: ProviderContext = { provider: 'double', secrets: [] };

/** What a reader makes of bytes that come in these pieces, without a network; text that is alike joined. */
export async function readPieces(
  reader: AnswerReader,
  pieces: readonly Uint8Array[],
): Promise<ReadProvider> {
  const remaining = pieces.values();
  const response = {
    mediaType: 'text/event-stream',
    body: {
      next: async () => remaining.next(),
      release: async () => undefined,
      destroy: () => undefined,
    },
  };
  const { events, told, error } = await collectApart(
    streamAnswer({
      ...TEST_CONTEXT,
      signal: new AbortController().signal,
      idleTimeoutMs: 60_000,
      reader,
      open: async () => response as unknown as MinimalResponse,
    }),
  );
  return { events: joinDeltas(events), told, error };
}
