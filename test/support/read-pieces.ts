import {
  streamAnswer,
  type AnswerReader,
  type LeanResponse,
  type ProviderContext,
} from '@synapse/provider-http';
import { collect, joinDeltas, type ReadAnswer } from './read-answer.ts';

export const TEST_CONTEXT: ProviderContext = { provider: 'double', secrets: [] };

/** What a reader makes of bytes that come in these pieces, without a network; text that is alike joined. */
export async function readPieces(
  reader: AnswerReader,
  pieces: readonly Uint8Array[],
): Promise<ReadAnswer> {
  const remaining = pieces.values();
  const response = {
    mediaType: 'text/event-stream',
    body: {
      next: async () => remaining.next(),
      release: async () => undefined,
      destroy: () => undefined,
    },
  };
  const { events, error } = await collect(
    streamAnswer({
      ...TEST_CONTEXT,
      signal: new AbortController().signal,
      idleTimeoutMs: 60_000,
      reader,
      open: async () => response as unknown as LeanResponse,
    }),
  );
  return { events: joinDeltas(events), error };
}
