import { openAnswerer } from './answerer.ts';
import { BenchHome } from './bench-home.ts';
import { largeStore, LONG_SESSION } from './large-store.ts';
import { alone, type Measure } from './measure.ts';

/** The most that whole processes take, beside a Node that does nothing. */
export async function benchMemory(reuse: boolean): Promise<Measure[]> {
  const home = new BenchHome();
  const answerer = await openAnswerer();
  const database = { SYNAPSE_DATABASE_URL: await largeStore(reuse) };
  const ask = (pieces: number) => (environment: Record<string, string>) =>
    home.synapse(['-p', 'openai', '-m', 'gpt-5', 'hi'], {
      environment: { OPENAI_BASE_URL: answerer.urlFor(pieces), ...environment },
    });
  const rows: [figure: string, promise: string, run: Parameters<BenchHome['peakOf']>[0]][] = [
    [
      'sessions list, of 100,000',
      'under 80 MiB',
      (environment) =>
        home.synapse(['sessions', 'list'], { environment: { ...database, ...environment } }),
    ],
    ['one-shot', 'under 90 MiB', ask(5)],
    ['one-shot, an answer in 50,000 pieces', '', ask(50_000)],
    [
      `REPL on a session of ${LONG_SESSION.messages} messages`,
      'under 150 MB',
      (environment) =>
        home.synapse(['--repl', '-p', 'demo', '-s', LONG_SESSION.id], {
          environment: { ...database, ...environment },
          stdin: '/history\n/exit\n',
        }),
    ],
  ];
  try {
    const bare = await home.peakOf((environment) => home.node(['-e', '0'], { environment }));
    const measures: Measure[] = [];
    for (const [figure, promise, run] of rows) {
      const peak = await home.peakOf(run);
      const measure = alone(`${figure}: peak (bare Node)`, promise, peak, 'MiB');
      measures.push({ ...measure, reference: bare, ratio: peak / bare });
    }
    return measures;
  } finally {
    answerer.close();
    home.remove();
  }
}
