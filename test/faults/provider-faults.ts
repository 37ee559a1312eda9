import type { Reply, Step } from '../support/provider-double.ts';
import type { ScriptedAnswer } from '../support/wire/scripted-answer.ts';
import { eventStream, streamOf } from '../support/replies.ts';
import { randomFrom, scaled, type Fault, type Figures } from './fault.ts';
import {
  judgeAnyCell,
  judgeCell,
  matrixCases,
  openBench,
  runCell,
  scenes,
  TONGUES,
  type Bench,
  type Cell,
  type Finding,
} from './provider-matrix/index.ts';
import type { MatrixCase } from './provider-matrix/matrix-case.ts';
import { PIECES } from './provider-matrix/stream-cases.ts';

const BENCHES = 6;
const CALL = { id: 'call_one', name: 'read', arguments: ['{"path":', '"a.txt"}'] };

/** F1: whatever a provider does, nothing is lost, doubled, or run on half of its arguments. */
export const providerFaults: Fault = {
  id: 'F1',
  what: 'every fault of a provider, in every dialect, with and without tools',
  run: async (tier, seed) => {
    const figures = { cells: 0, ...NOTHING };
    const random = randomFrom(seed);
    const cuts = Array.from({ length: scaled(tier, 100, 5000, 50_000) }, () => cutCell(random));
    const work = [...allCells(), ...cuts].values();
    await Promise.all(Array.from({ length: BENCHES }, () => drain(work, figures)));
    return figures;
  },
  holds: ({ cells, ...found }) => cells! > 0 && Object.values(found).every((count) => count === 0),
};

const NOTHING: Record<Finding['fault'], number> = {
  wrong_outcome: 0,
  lost_prompt: 0,
  dup_message: 0,
  rejected: 0,
  unsound_run: 0,
  shown_key: 0,
};

type Job = (bench: Bench) => Promise<{ name: string; findings: Finding[] }>;

async function drain(work: IterableIterator<Job>, figures: Figures): Promise<void> {
  const bench = await openBench();
  try {
    for (const job of work) {
      const { name, findings } = await job(bench);
      figures.cells! += 1;
      for (const { fault, what } of findings) {
        figures[fault]! += 1;
        figures[`${name}: ${what}`] = 1;
      }
    }
    // A key that went there would have been shown to somebody else.
    figures.shown_key! += bench.elsewhere.requests.length;
  } finally {
    await bench.close();
  }
}

function allCells(): Job[] {
  return TONGUES.flatMap((tongue) =>
    matrixCases.flatMap((theCase) =>
      (theCase.scenes ?? scenes).map((scene): Job => async (bench) => {
        const cell: Cell = { tongue, scene, theCase };
        const answer = answerOf(cell);
        const whole = eventStream(...tongue.toWire(answer));
        const faulty = theCase.replies?.(tongue, answer, bench.places) ?? [];
        const { outcome } = theCase;
        const isRetried = outcome.kind === 'answered' && (outcome.requests ?? 1) > 1;
        const replies = [...repliesBefore(cell), ...faulty, ...(isRetried ? [whole] : [])];
        const run = await runCell(bench, cell, replies);
        const name = `${tongue.name}, ${scene}, ${theCase.name}`;
        return { name, findings: judgeCell(cell, run, answer) };
      }),
    ),
  );
}

/** A whole answer with a call, cut at any byte in any way; only then another one. */
function cutCell(random: () => number): Job {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const cell = { tongue: pick(TONGUES), scene: pick(scenes), theCase: ANY_CASE };
  const end = pick<Step[]>([[{ reset: true }], [{ close: true }], []]);
  const wire = cell.tongue.toWire(answerOf(cell));
  const bytes = Buffer.from(wire.join(''));
  const cut = Math.floor(random() * bytes.length);
  return async (bench) => {
    const broken = streamOf([{ send: bytes.subarray(0, cut) }, ...end]);
    const replies = [...repliesBefore(cell), broken, eventStream(...wire)];
    const run = await runCell(bench, cell, replies);
    const name = `${cell.tongue.name}, ${cell.scene}, cut at byte ${cut}`;
    return { name, findings: judgeAnyCell(run) };
  };
}

const ANY_CASE: MatrixCase = { name: 'any', outcome: { kind: 'answered' } };

function answerOf({ scene, theCase }: Cell): ScriptedAnswer {
  const calls = scene === 'calling' ? { toolCalls: [CALL] } : {};
  return { ...calls, ...(theCase.answer ?? { text: PIECES }) };
}

function repliesBefore({ tongue, scene }: Cell): Reply[] {
  return scene === 'behind results' ? [eventStream(...tongue.toWire({ toolCalls: [CALL] }))] : [];
}
