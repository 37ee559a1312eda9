import { newId, newMessage, type NewMessage, type Part } from '@synapse/core';
import fc from 'fast-check';

const createdAt = new Date('2026-03-01T12:00:00Z');
const anySize = fc.oneof(fc.nat(200), fc.nat(200), fc.nat(6_000));

function message(role: NewMessage['role'], parts: Part[]): NewMessage {
  return newMessage({
    ...{ id: newId(), role, parts, createdAt },
    ...(role === 'assistant' && { provider: 'acme', model: 'wise-5' }),
  });
}

function words(size: number, mark: string): string {
  return `${mark} ${'lorem ipsum '.repeat(Math.ceil(size / 12)).slice(0, size)}`.trim();
}

const anyCall = fc.record({
  size: anySize,
  path: fc.constantFrom('a', 'b', 'c'),
  image: fc.boolean(),
});
const anyRound = fc.record({ size: anySize, calls: fc.array(anyCall, { maxLength: 3 }) });
const anyTurn = fc.record({
  size: anySize,
  file: fc.boolean(),
  rounds: fc.array(anyRound, { maxLength: 3 }),
  isCutOff: fc.boolean(),
});

/** Sessions with long texts, large results and files; each question says its number. */
export const anyLongSession = fc.array(anyTurn, { minLength: 1, maxLength: 12 }).map((turns) =>
  turns.flatMap(({ size, file, rounds, isCutOff }, index) => {
    const said: Part = { type: 'text', text: words(size, `question ${index}`) };
    const attachment = { sha256: 'stored', mediaType: 'image/png', name: 'a.png', byteLength: 3 };
    const answers = rounds.flatMap((round, number) => {
      const calls = round.calls.map(({ path }, at): Part => {
        return { type: 'tool-call', id: `call_${number}_${at}`, name: 'read', input: { path } };
      });
      const results = round.calls.map(({ size: length, image }, at): Part => ({
        ...{ type: 'tool-result', id: `call_${number}_${at}`, name: 'read', isError: false },
        output: words(length, 'result'),
        ...(image && { attachments: [attachment] }),
      }));
      const isLast = isCutOff && number === rounds.length - 1;
      return [
        message('assistant', [{ type: 'text', text: words(round.size, 'answer') }, ...calls]),
        ...(results.length > 0 && !isLast ? [message('tool', results)] : []),
      ];
    });
    return [message('user', file ? [said, { type: 'image', attachment }] : [said]), ...answers];
  }),
);
