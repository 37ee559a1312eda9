import { deepStrictEqual } from 'node:assert';
import { aSession } from '../support/samples.ts';
import { memoryOf } from '../support/memory-of.ts';
import { openAnswerer } from './answerer.ts';
import { BenchHome } from './bench-home.ts';
import { alone, quantile, type Measure } from './measure.ts';
import { startScript, startServed } from './served.ts';

const STARTS = 7;
const ROUNDS = 5;
const SECONDS = '2';
const ANSWERS = 25;
const WAIT_MS = 100;
const WATCHERS = 1000;
const RUNS = 200;

/** A server in a process of its own, with the load from another one. */
export async function benchServe(_reuse: boolean, postgresUrl: string): Promise<Measure[]> {
  const home = new BenchHome('[serve]\nrequests_per_minute = 100000000\n');
  try {
    const store = await home.openStore();
    for (let index = 0; index < 200; index++) {
      await store.sessions.create(aSession({ title: `Title ${index}`, tags: ['work'] }));
    }
    await store.close();
    return [
      await measureStart(home),
      await measureList(home),
      await measureFirstToken(home),
      ...(await measureWatchers(home)),
      await measureRuns(home, 'SQLite', {}),
      await measureRuns(home, 'PostgreSQL', { SYNAPSE_DATABASE_URL: postgresUrl }),
    ];
  } finally {
    home.remove();
  }
}

async function measureStart(home: BenchHome): Promise<Measure> {
  const times: number[] = [];
  // The first one compiles the code.
  for (let start = 0; start <= STARTS; start++) {
    const served = await startServed(home);
    if (start > 0) times.push(served.startMs);
    await served.stop();
  }
  return alone(
    'synapse serve: from its start to the printed address',
    'under 300 ms',
    median(times),
  );
}

/** Both servers in turn, in requests per second; the ratio is ours to that by hand. */
async function measureList(home: BenchHome): Promise<Measure> {
  const served = await startServed(home);
  const bare = startScript('bare-server.cjs', home.database);
  try {
    const bareUrl = await bare.readLine();
    const [path, ours, theirs]: [string, number[], number[]] = ['/api/sessions', [], []];
    const printed: unknown = await (await fetch(bareUrl)).json();
    deepStrictEqual(await served.ask('GET', path), printed, 'Both print the same.');
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [url, rates] of [
        [`${served.url}${path}`, ours],
        [bareUrl, theirs],
      ] as const) {
        const load = startScript('load.mjs', url, served.token, SECONDS);
        const rate = Number(await load.readLine());
        await load.stop();
        if (round > 0) rates.push(rate);
      }
    }
    const [value, reference] = [median(ours), median(theirs)];
    const figure = 'list 50 of 200 sessions over HTTP (bare node:http with the same SQL)';
    const promise = 'at least 0.6 times as many';
    return { figure, promise, unit: 'req/s', value, reference, ratio: value / reference };
  } finally {
    await bare.stop();
    await served.stop();
  }
}

async function measureFirstToken(home: BenchHome): Promise<Measure> {
  const answerer = await openAnswerer();
  const late = answerer.urlForLate(WAIT_MS);
  const served = await startServed(home, { OPENAI_BASE_URL: late });
  try {
    const ours = () =>
      firstText(`${served.url}/v1/chat/completions`, served.token, {
        ...{ model: 'openai/gpt-5', stream: true },
        messages: [{ role: 'user', content: `hi ${performance.now()}` }],
      });
    const theirs = () => firstText(late, 'none', {});
    const [delays, references]: [number[], number[]] = [[], []];
    for (let answer = -3; answer < ANSWERS; answer++) {
      for (const [ask, list] of [
        [ours, delays],
        [theirs, references],
      ] as const) {
        const shownAt = await ask();
        if (answer >= 0) list.push(shownAt - answerer.firstByteAt());
      }
    }
    return {
      ...alone('first token through /v1 after the first byte (asked directly)', '', median(delays)),
      ...{ promise: 'at most 5 ms more', reference: median(references) },
      ratio: median(delays) / median(references),
    };
  } finally {
    await served.stop();
    answerer.close();
  }
}

/** When the first word of a streamed answer arrives. */
async function firstText(url: string, token: string, json: object): Promise<number> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  let shownAt: number | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of reply.body ?? []) {
    if (decoder.decode(chunk, { stream: true }).includes('word0')) shownAt ??= performance.now();
  }
  return shownAt ?? Number.NaN;
}

/** One run after another: watched by one reader, and by a thousand. */
async function measureWatchers(home: BenchHome): Promise<Measure[]> {
  const answerer = await openAnswerer();
  const served = await startServed(home, { OPENAI_BASE_URL: answerer.urlForHeld() });
  const watched = async (count: number): Promise<number> => {
    const { id } = await served.startRun();
    const { url, token } = served;
    const watching = startScript('watch-run.mjs', String(count), url, token, id);
    await watching.readLine();
    const since = answerer.release();
    const ends = Number(await watching.readLine());
    if (ends !== count) throw new Error(`${count - ends} watchers missed the end.`);
    await watching.stop();
    const { endedAt } = (await served.ask('GET', `/api/runs/${id}`)) as { endedAt: string };
    return new Date(endedAt).getTime() - since.getTime();
  };
  try {
    const [one, many]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round++) {
      one.push(await watched(1));
      many.push(await watched(WATCHERS));
    }
    const [value, reference] = [median(many), median(one)];
    const peak = memoryOf(served.pid, 'VmHWM') ?? Number.NaN;
    return [
      alone(`${WATCHERS} watchers of one run: peak of the server`, 'under 250 MiB', peak, 'MiB'),
      {
        ...alone(`an answer with ${WATCHERS} watchers (with one)`, 'at most 1.2 times', value),
        ...{ reference, ratio: value / reference },
      },
    ];
  } finally {
    await served.stop();
    answerer.close();
  }
}

/** Runs in as many sessions at once, until each answer is stored. */
async function measureRuns(
  home: BenchHome,
  engine: string,
  environment: Record<string, string>,
): Promise<Measure> {
  const answerer = await openAnswerer();
  const served = await startServed(home, {
    ...{ OPENAI_BASE_URL: answerer.urlFor(50), ...environment },
  });
  try {
    const since = performance.now();
    const runs = await Promise.all(Array.from({ length: RUNS }, () => served.startRun()));
    for (const { id, sessionId } of runs) {
      // Ends with the run.
      await served.read(`/api/runs/${id}/events`);
      const path = `/api/sessions/${sessionId}/messages`;
      const { items } = (await served.ask('GET', path)) as { items: { status: string }[] };
      const isWhole = items.length === 2 && items.every(({ status }) => status === 'complete');
      if (!isWhole) throw new Error(`The run ${id} is not stored as it should be.`);
    }
    const figure = `${RUNS} runs at once on ${engine}, each message stored once`;
    return alone(figure, '', performance.now() - since);
  } finally {
    await served.stop();
    answerer.close();
  }
}

function median(times: readonly number[]): number {
  return quantile(times, 0.5);
}
