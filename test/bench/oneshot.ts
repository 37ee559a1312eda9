import { join } from 'node:path';
import { openAnswerer } from './answerer.ts';
import { BenchHome } from './bench-home.ts';
import { alone, compare, quantile, type Measure } from './measure.ts';

const RUNS = 15;
const WAIT_MS = 300;
const bareClient = join(process.cwd(), 'test/bench/bare-client.cjs');

/** A question from the start of the process to its end, against a server that answers at once. */
export async function benchOneshot(): Promise<Measure[]> {
  const home = new BenchHome();
  const answerer = await openAnswerer();
  const ask = (url: string, onOutput?: () => void) =>
    home.synapse(['-p', 'openai', '-m', 'gpt-5', 'hi'], {
      environment: { OPENAI_BASE_URL: url },
      ...(onOutput && { onOutput }),
    });
  const short = answerer.urlFor(5);
  /** What lies between the first byte of an answer and the first byte of ours. */
  const delay = async (run: (onOutput: () => void) => Promise<void>): Promise<number> => {
    let shownAt: number | undefined;
    await run(() => (shownAt ??= performance.now()));
    return (shownAt ?? Number.NaN) - answerer.firstByteAt();
  };
  try {
    await ask(short);
    const late = answerer.urlForLate(WAIT_MS);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      ours.push(await delay((onOutput) => ask(late, onOutput)));
      theirs.push(await delay((onOutput) => home.node([bareClient, late], { onOutput })));
    }
    const longer = await compare(
      'an answer in 5,000 pieces (the same in 5)',
      'at most 20 ms more',
      () => ask(answerer.urlFor(5000)),
      () => ask(answerer.urlFor(5, 5000)),
      RUNS,
    );
    return [
      await compare(
        'one-shot (bare Node)',
        'at most 7 times',
        () => ask(short),
        () => home.node(['-e', '0']),
        RUNS,
      ),
      await compare(
        'one-shot (a script with the same SDK, which stores nothing)',
        '',
        () => ask(short),
        () => home.node([bareClient, short]),
        RUNS,
      ),
      { ...longer, figure: `${longer.figure}: ${more(longer)} more` },
      {
        ...alone('first token after the first byte (the same script)', 'under 10 ms', median(ours)),
        reference: median(theirs),
        ratio: median(ours) / median(theirs),
      },
    ];
  } finally {
    answerer.close();
    home.remove();
  }
}

function more({ value, reference }: Measure): string {
  return `${(value - (reference ?? 0)).toFixed(0)} ms`;
}

function median(times: readonly number[]): number {
  return quantile(times, 0.5);
}
