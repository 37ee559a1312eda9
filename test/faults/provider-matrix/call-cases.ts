import { eventStream } from '../../support/replies.ts';
import type { ScriptedAnswer, ScriptedCall } from '../../support/wire/scripted-answer.ts';
import { MOST_ROUNDS, type Answered, type MatrixCase } from './matrix-case.ts';

const READ: ScriptedCall = { id: 'call_one', name: 'read', arguments: ['{"path":', '"a.txt"}'] };
const LIST: ScriptedCall = { id: 'call_two', name: 'list', arguments: ['{}'] };
const LARGE = JSON.stringify({ path: 'x'.repeat(5_000_000) });

const UNSOUND = [
  ['that are cut off', '{"path": "/et'],
  ['with something behind them', '{"path": "a.txt"} and more'],
  ['that are a list', '["a.txt"]'],
  ['that are a word', '"a.txt"'],
  ['that are nothing', 'null'],
  ['twice in one', '{"path":"a.txt"}{"path":"a.txt"}'],
] as const;

/** What may be wrong with the calls of an answer, and which of them are run. */
export const callCases: readonly MatrixCase[] = [
  ...UNSOUND.map(([name, piece]) =>
    calling(`arguments ${name}`, [{ ...READ, arguments: [piece] }], { runs: 0, results: 1 }),
  ),
  calling('no arguments', [{ ...LIST, arguments: [] }], { runs: 1 }),
  {
    ...calling('arguments of five megabytes', [{ ...READ, arguments: [LARGE] }], { runs: 1 }),
    scenes: ['calling'],
  },
  calling('a key __proto__', [{ ...READ, arguments: ['{"__proto__":{"polluted":1}}'] }], {
    runs: 1,
  }),
  calling('an unknown tool', [{ ...READ, name: 'format_disk' }], { runs: 0, results: 1 }),
  calling('a tool of no name', [{ ...READ, name: '' }], { runs: 0, results: 1 }),
  calling('a tool with a name in other letters', [{ ...READ, name: 'чтение файла' }], {
    runs: 0,
    results: 1,
  }),
  calling('an id that is missing', [{ ...READ, id: '' }], { runs: 1 }),
  calling('an id that comes again', [READ, { ...LIST, id: READ.id }], { runs: 2, results: 2 }),
  calling('an id in other letters', [{ ...READ, id: 'вызов №1' }], { runs: 1 }),
  calling('a sound call beside a broken one', [{ ...READ, arguments: ['{'] }, LIST], {
    runs: 1,
    results: 2,
  }),
  calling(
    'fifty calls at once',
    Array.from({ length: 50 }, (_, index) => ({
      ...READ,
      id: `call_${index}`,
      arguments: [`{"path":"${index}.txt"}`],
    })),
    { runs: 50, results: 50 },
  ),
  {
    ...calling('an index that comes again', [READ, LIST], { runs: 2, results: 2 }),
    replies: (tongue, answer) => [
      eventStream(
        ...tongue
          .toWire(answer)
          .map((event) => event.replace(/"((?:output_)?index)":[1-9]/g, '"$1":0')),
      ),
    ],
  },
  calling(
    'calls in an answer that was cut at its limit',
    [READ, LIST],
    { runs: 0, results: 2 },
    'length',
  ),
  calling('calls in a filtered answer', [READ], { runs: 0, results: 0 }, 'content-filter'),
  {
    name: 'calls without end',
    replies: (tongue) =>
      Array.from({ length: MOST_ROUNDS + 1 }, (_, round) => {
        const call = { ...READ, arguments: [`{"path":"${round}.txt"}`] };
        return eventStream(...tongue.toWire({ toolCalls: [call] }));
      }),
    outcome: { kind: 'limited', runs: MOST_ROUNDS },
    scenes: ['calling'],
  },
];

function calling(
  name: string,
  toolCalls: readonly ScriptedCall[],
  answered: Answered,
  finish?: ScriptedAnswer['finish'],
): MatrixCase {
  return {
    name,
    answer: { toolCalls, ...(finish && { finish }) },
    replies: (tongue, answer) => [eventStream(...tongue.toWire(answer))],
    outcome: { kind: 'answered', results: toolCalls.length, ...answered },
    scenes: ['alone', 'calling'],
  };
}
