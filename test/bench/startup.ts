import { aSession } from '../support/samples.ts';
import { BenchHome } from './bench-home.ts';
import { largeStore } from './large-store.ts';
import { compare, type Measure } from './measure.ts';

const RUNS = 15;

/** Whole processes, from start to exit, in turn with a Node that does nothing. */
export async function benchStartup(reuse: boolean): Promise<Measure[]> {
  const home = new BenchHome();
  const large = { environment: { SYNAPSE_DATABASE_URL: await largeStore(reuse) } };
  try {
    const store = await home.openStore();
    for (let index = 0; index < 200; index++) {
      await store.sessions.create(aSession({ title: `Title ${index}` }));
    }
    await store.close();
    const bare = () => home.node(['-e', '0']);
    const rows: [figure: string, promise: string, run: () => Promise<void>][] = [
      ['--version', 'at most 1.3 times', () => home.synapse(['--version'])],
      ['sessions list, of 200', 'at most 3 times', () => home.synapse(['sessions', 'list'])],
      [
        'sessions list, of 100,000',
        'at most 3 times',
        () => home.synapse(['sessions', 'list'], large),
      ],
      ['completion of a session', '', () => home.synapse(['__complete', 'sessions', 'show', ''])],
    ];
    const measures: Measure[] = [];
    for (const [figure, promise, run] of rows) {
      await run();
      measures.push(await compare(`synapse ${figure} (bare Node)`, promise, run, bare, RUNS));
    }
    return measures;
  } finally {
    home.remove();
  }
}
