import fc from 'fast-check';
import type {
  AttachmentReference,
  JsonObject,
  LoadedFile,
  LoadedImage,
  ReasoningPart,
  Replay,
  RequestMessage,
  TextPart,
  ToolCallPart,
} from '@synapse/core';

type Turn = RequestMessage[];

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const textPart = text.map((text): TextPart => ({ type: 'text', text }));

const attachment = (mediaTypes: string[]): fc.Arbitrary<AttachmentReference> =>
  fc.record({
    sha256: fc.constant('0'.repeat(64)),
    mediaType: fc.constantFrom(...mediaTypes),
    name: fc.option(fc.constant('a file.bin')),
    byteLength: fc.nat(),
  });
const bytes = fc.uint8Array({ maxLength: 8 });
const image: fc.Arbitrary<LoadedImage> = fc.record({
  type: fc.constant('image' as const),
  attachment: attachment(['image/png', 'image/jpeg', 'image/tiff']),
  bytes,
});
const file: fc.Arbitrary<LoadedFile> = fc.record({
  type: fc.constant('file' as const),
  attachment: attachment(['application/pdf', 'text/plain', 'application/json', 'application/zip']),
  bytes,
});

const replay = fc.constantFrom<Replay[]>(
  { dialect: 'anthropic', data: { type: 'thinking', signature: 'c2lnbmVk' } },
  { dialect: 'anthropic', data: { type: 'redacted_thinking', data: 'aGlkZGVu' } },
  { dialect: 'anthropic', data: { type: 'thinking', signature: '' } },
  { dialect: 'anthropic', data: null },
  {
    dialect: 'openai-responses',
    data: { id: 'rs_1', encrypted_content: 'c2VhbGVk', summary: ['a'] },
  },
  { dialect: 'openai-responses', data: { id: 'rs_2', encrypted_content: '', summary: [] } },
  { dialect: 'openai-chat', data: { field: 'reasoning_content' } },
  { dialect: 'of another', data: 'anything' },
);
const reasoning: fc.Arbitrary<ReasoningPart> = fc.oneof(
  text.map((text): ReasoningPart => ({ type: 'reasoning', text })),
  fc.record({ type: fc.constant('reasoning' as const), text, replay }),
);

const input = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
// As different providers make them, and worse.
const callIds = fc.uniqueArray(
  fc.oneof(
    fc.uuid(),
    fc.string({ minLength: 1 }),
    fc.constantFrom('call_1', 'AbCdEf123', 'über 1'),
  ),
  { maxLength: 3 },
);
const calls: fc.Arbitrary<ToolCallPart[]> = fc
  .tuple(callIds, fc.array(input, { minLength: 3, maxLength: 3 }))
  .map(([ids, inputs]) =>
    ids.map((id, index) => ({ type: 'tool-call', id, name: 'do_it', input: inputs[index]! })),
  );

const userMessage: fc.Arbitrary<RequestMessage> = fc
  .array(fc.oneof(textPart, image, file), { minLength: 1, maxLength: 3 })
  .map((parts) => ({ role: 'user', parts }));

const round: fc.Arbitrary<Turn> = fc
  .tuple(
    fc.array(fc.oneof(textPart, reasoning), { maxLength: 3 }),
    calls,
    fc.array(fc.oneof(textPart, reasoning), { maxLength: 1 }),
    fc.record({ output: text, isError: fc.boolean(), images: fc.array(image, { maxLength: 1 }) }),
  )
  .map(([before, calls, after, result]) => {
    const answer: RequestMessage = { role: 'assistant', parts: [...before, ...calls, ...after] };
    const results = calls.map(({ id, name }) => ({
      type: 'tool-result' as const,
      id,
      name,
      ...result,
    }));
    return results.length === 0 ? [answer] : [answer, { role: 'tool', parts: results }];
  });

/**
 * Conversations as the port promises them: turns of a question and any number of rounds, which end
 * in an answer or, where they were interrupted, in results.
 */
export const arbitraryMessages: fc.Arbitrary<RequestMessage[]> = fc
  .array(
    fc
      .tuple(userMessage, fc.array(round, { maxLength: 3 }))
      .map(([question, rounds]) => [question, ...withCallsBetween(rounds)]),
    { minLength: 1, maxLength: 4 },
  )
  .map((turns) => turns.flat());

/** Two answers follow each other only with results between them. */
function withCallsBetween(rounds: readonly Turn[]): Turn {
  const end = rounds.findIndex((round) => round.length === 1);
  return rounds.slice(0, end === -1 ? rounds.length : end + 1).flat();
}
