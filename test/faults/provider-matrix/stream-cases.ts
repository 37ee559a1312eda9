import type { Step } from '../../support/provider-double.ts';
import { eventStream, streamOf } from '../../support/replies.ts';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';
import type { Answered, MatrixCase } from './matrix-case.ts';
import type { Tongue } from './tongue.ts';

const NONSENSE = 'data: {"type": nonsense\n\n';
const BAD = 'SYNAPSE_PROVIDER_INVALID_RESPONSE';
const NETWORK = 'SYNAPSE_PROVIDER_NETWORK';
const OVERLOADED = 'SYNAPSE_PROVIDER_OVERLOADED';
const LARGE = 'x'.repeat(10_000_000);

/** What every answer says. */
export const PIECES = ['Good ', 'morning ', '👋🏽 to you.'];
export const TEXT = PIECES.join('');

/** What a stream does on its way. */
export const streamCases: readonly MatrixCase[] = [
  broken('a reset in the first event', 'before', [{ reset: true }], NETWORK),
  broken('an end in good order in the first words', 'before', [], BAD),
  broken('an error before the first words', 'before', 'overloaded', OVERLOADED),
  broken('nonsense before the first words', 'before', [{ send: NONSENSE }], BAD),
  broken('a reset behind the first words', 'behind', [{ reset: true }], NETWORK),
  broken('an end in good order behind the first words', 'behind', [], NETWORK),
  broken('an error behind the first words', 'behind', 'overloaded', OVERLOADED),
  broken('nonsense behind the first words', 'behind', [{ send: NONSENSE }], BAD),
  {
    ...broken(
      'silence behind the first words',
      'behind',
      [{ hang: true }],
      'SYNAPSE_PROVIDER_TIMEOUT',
    ),
    isImpatient: true,
  },
  taken('a reset behind the end', (wire) => [{ send: wire.join('') }, { reset: true }]),
  taken('an open connection behind the end', (wire) => [{ send: wire.join('') }, { hang: true }]),
  taken('the end twice', (wire) => [{ send: wire.join('') }, { send: wire.slice(-2).join('') }]),
  taken('events behind the end', (wire, { stranger }) => [
    { send: wire.join('') },
    { send: wire.join('') + stranger + NONSENSE },
  ]),
  taken('an unknown event', (wire, { stranger }) => [
    { send: wire.flatMap((event) => [stranger, event]).join('') },
  ]),
  taken('every byte for itself', (wire) => {
    const bytes = Buffer.from(wire.join(''));
    return Array.from(bytes, (byte) => ({ send: Uint8Array.of(byte) }));
  }),
  saying('bytes that are no UTF-8', `Good ${'\ufffd'.repeat(7)} 👋🏽 to you.`, (wire) => {
    const bytes = Buffer.from(wire.join(''));
    const start = bytes.indexOf('morning');
    return bytes.fill(0xff, start, start + 'morning'.length);
  }),
  saying('half of a surrogate pair', 'Good \ufffd👋🏽 to you.', (wire) =>
    Buffer.from(wire.join('').replace('morning ', '\\ud83d')),
  ),
  worded('a NUL', { text: ['a\u0000b', '.'] }, { text: 'a\u0000b.' }),
  {
    ...worded('an event of ten megabytes', { text: [LARGE] }, { text: LARGE }),
    scenes: ['alone'],
  },
  worded('no usage', { text: PIECES, usage: null }, { isEstimated: true }),
  worded(
    'a negative usage',
    { text: PIECES, usage: { inputTokens: -5, outputTokens: -1 } },
    { isEstimated: true },
  ),
  ...(['length', 'content-filter', 'refusal'] as const).map((finish): MatrixCase => ({
    ...worded(`an end for ${finish}`, { text: PIECES, finish }),
    scenes: ['alone', 'behind results'],
  })),
  worded('an answer without words', { text: [] }, { text: '' }),
];

/** The events up to the first words, or behind them. */
function splitAtWords(wire: readonly string[]): { head: string[]; words: string } {
  const first = wire.findIndex((event) => event.includes(PIECES[0] ?? ''));
  return { head: wire.slice(0, first), words: wire[first] ?? '' };
}

function broken(
  name: string,
  place: 'before' | 'behind',
  end: Step[] | 'overloaded',
  code: string,
): MatrixCase {
  return {
    name,
    replies: (tongue, answer) => {
      const { head, words } = splitAtWords(tongue.toWire(answer));
      const said = place === 'behind' ? words : words.slice(0, words.length / 2);
      const steps = end === 'overloaded' ? [{ send: tongue.overloaded }] : end;
      // Where another event follows, none may be half said.
      const isWhole = place === 'behind' || steps.some((step) => 'send' in step);
      const sent = isWhole && place === 'before' ? head.join('') : head.join('') + said;
      return [streamOf([{ send: sent }, ...steps])];
    },
    // What the provider says it has begun is only repeated where it says that it gave up.
    outcome:
      place === 'before' && end === 'overloaded'
        ? { kind: 'answered', requests: 2 }
        : { kind: 'failed', code, requests: 1, kept: place === 'before' ? '' : (PIECES[0] ?? '') },
  };
}

function taken(name: string, steps: (wire: string[], tongue: Tongue) => Step[]): MatrixCase {
  return {
    name,
    replies: (tongue, answer) => [streamOf(steps(tongue.toWire(answer), tongue))],
    outcome: { kind: 'answered' },
  };
}

function saying(name: string, text: string, toBytes: (wire: string[]) => Uint8Array): MatrixCase {
  return {
    name,
    replies: (tongue, answer) => [eventStream(toBytes(tongue.toWire(answer)))],
    outcome: { kind: 'answered', text },
  };
}

function worded(name: string, answer: ScriptedAnswer, answered: Answered = {}): MatrixCase {
  return {
    name,
    answer,
    replies: (tongue, whole) => [eventStream(...tongue.toWire(whole))],
    outcome: { kind: 'answered', ...answered },
  };
}
