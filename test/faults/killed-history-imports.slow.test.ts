import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import fc from 'fast-check';
import { writers } from '../contracts/history-format/index.ts';
import { anyHistory, type WrittenHistory } from '../contracts/history-format/written-history.ts';
import { digestsOf } from '../support/digests-of.ts';
import { itNeeds } from '../support/it-needs.ts';
import { usePostgres } from '../support/postgres-for-tests.ts';
import { SynapseHome } from '../support/run-synapse.ts';
import { mayMount, withSmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';
import { randomFrom } from './fault.ts';

const SEED = 20_261_130;
const LONG_TURNS = 600;
const HISTORIES_EACH = 8;
/** Ends only what hangs: on a busy machine, so many imports take minutes. */
const LONGEST_MS = 900_000;
const KILLS = 6;
const FULL_KIB = [1 << 10, 3 << 10];

/** A folder with files of every format, of which the first has a long session with a branch. */
async function writeHistories(folder: string): Promise<void> {
  const samples = fc.sample(anyHistory, { seed: SEED, numRuns: HISTORIES_EACH });
  await Promise.all(
    writers.map(async (writer, index) => {
      const histories = index === 0 ? [longHistory(samples)] : samples;
      const files = writer.keeps.many ? [histories] : histories.map((history) => [history]);
      for (const [number, file] of files.entries()) {
        const path = join(folder, `${index}-${number}`, writer.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, await writer.write(file));
      }
    }),
  );
}

function longHistory(samples: readonly WrittenHistory[]): WrittenHistory {
  const [first] = samples;
  const all = samples.flatMap(({ turns }) => turns);
  const turns = Array.from({ length: LONG_TURNS }, (_, index) => {
    const turn = all[index % all.length]!;
    return { ...turn, prompt: `${index} ${turn.prompt}`, at: first!.turns[0]!.at + index * 60_000 };
  });
  return { ...first!, turns, leftAnswer: 'another answer' };
}

async function answersIn(store: Store): Promise<number> {
  const groups = await store.usage.usage({ by: 'provider', origin: 'any' });
  return groups.reduce((sum, { answerCount }) => sum + answerCount, 0);
}

describe('an import of histories', () => {
  const postgres = usePostgres();
  const source = new SynapseHome();
  const folder = join(source.folder, 'histories');
  let expected: Map<string, string>;
  let answers: number;
  let messages: number;
  const pathIn = (home: string) => join(home, '.config/synapse/sessions.db');

  beforeAll(async () => {
    await writeHistories(folder);
    expect(await source.run(['import', folder])).toMatchObject({ stderr: '', exitCode: 0 });
    const store = await openSqliteStore({ path: pathIn(source.folder) });
    expected = await digestsOf(store);
    answers = await answersIn(store);
    messages = (await store.maintenance.info()).messageCount;
    await store.close();
    expect(expected.size).toBeGreaterThan(writers.length * HISTORIES_EACH * 0.8);
  });
  afterAll(() => source.remove());

  /** Every session that the store shows is one of the undisturbed import. */
  async function expectWholeSessions(store: Store): Promise<void> {
    for (const [id, digest] of await digestsOf(store)) {
      expect([id, digest]).toEqual([id, expected.get(id)]);
    }
    expect(await store.maintenance.check()).toEqual([]);
  }

  async function expectAll(store: Store): Promise<void> {
    expect(await digestsOf(store)).toEqual(expected);
    expect(await answersIn(store)).toBe(answers);
    expect((await store.maintenance.info()).messageCount).toBe(messages);
  }

  it.each(['sqlite', 'postgres'])(
    'that is killed stores whole sessions in %s, and is completed by the next',
    async (engine) => {
      const home = new SynapseHome();
      const url = engine === 'postgres' ? await postgres.newDatabase() : '';
      const environment = url === '' ? {} : { SYNAPSE_DATABASE_URL: url };
      const store =
        url === ''
          ? await openSqliteStore({ path: pathIn(home.folder) })
          : await openPostgresStore({ url, allowForeign: false });
      const random = randomFrom(SEED);
      let killed = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const { messageCount } = await store.maintenance.info();
        const moment = messageCount + 1 + Math.floor((random() * (messages - messageCount)) / 3);
        const importing = home.start(['import', folder], { environment });
        const closed = once(importing, 'close');
        await until(
          async () =>
            importing.exitCode !== null || (await store.maintenance.info()).messageCount >= moment,
        );
        importing.kill('SIGKILL');
        const [exitCode] = (await closed) as [number | null];
        if (exitCode === null) killed += 1;
        await expectWholeSessions(store);
      }
      expect(killed).toBeGreaterThan(2);
      expect(await home.run(['import', folder], { environment })).toMatchObject({ exitCode: 0 });
      await expectAll(store);
      await store.close();
      home.remove();
    },
    LONGEST_MS,
  );

  const onSmallDisk = itNeeds(mayMount() ? '' : 'the right to mount');
  onSmallDisk(
    'that fills the disk stores whole sessions, and is completed when there is room',
    async () => {
      const whole = statSync(pathIn(source.folder)).size;
      for (const kibibytes of FULL_KIB) {
        expect(kibibytes << 10).toBeLessThan(whole);
        await withSmallDisk(kibibytes, async (disk, enlargeTo) => {
          const environment = { HOME: disk };
          const full = await source.run(['import', folder], { environment });
          expect(full).toMatchObject({
            exitCode: 74,
            stderr: expect.stringContaining('no space left'),
          });
          enlargeTo(64 << 10);
          const store = await openSqliteStore({ path: pathIn(disk) });
          await expectWholeSessions(store);
          expect(await source.run(['import', folder], { environment })).toMatchObject({
            exitCode: 0,
          });
          await expectAll(store);
          await store.close();
        });
      }
    },
  );
});
