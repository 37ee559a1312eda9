import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { SynapseHome } from '../support/run-synapse.ts';

// The real program is started for each step.
const preload = join(process.cwd(), 'test/support/kill-at-step.cjs');
// Fewer would mean that the steps are not seen any more.
const LEAST_STEPS = 6;
const MOST_STEPS = 40;

describe('db restore that is killed before any of its steps', () => {
  let home: SynapseHome;
  const config = () => join(home.folder, '.config/synapse');
  const database = () => join(config(), 'sessions.db');
  const original = () => join(home.folder, 'original');

  /** Two sessions, of which a backup has the first; and the folder as it is then. */
  beforeEach(async () => {
    home = new SynapseHome();
    await home.run(['-p', 'demo', 'first']);
    await home.run(['db', 'backup', 'kept.db']);
    await home.run(['-p', 'demo', 'second']);
  });
  afterEach(() => home.remove());

  /** Restores again and again, killed one step later each time, until it comes to its end. */
  async function killAtEach(look: (log: string) => Promise<void>): Promise<number> {
    cpSync(config(), original(), { recursive: true });
    for (let step = 1; step < MOST_STEPS; step++) {
      rmSync(config(), { recursive: true });
      cpSync(original(), config(), { recursive: true });
      const log = join(home.folder, `log-${step}`);
      const environment = {
        NODE_OPTIONS: `--require "${preload}"`,
        ...{ KILL_AT_STEP: `${step}`, KILL_FILE: 'sessions.db', KILL_LOG: log },
      };
      const { signal } = await home.run(['db', 'restore', 'kept.db', '--yes'], { environment });
      await look(readFileSync(log, 'utf8'));
      if (signal === null) return step - 1;
    }
    throw new Error('There is no end of steps.');
  }

  async function sessionsIn(path: string): Promise<number> {
    const store = await openSqliteStore({ path });
    try {
      expect(await store.maintenance.check()).toEqual([]);
      return (await store.maintenance.info()).sessionCount;
    } finally {
      await store.close();
    }
  }

  const names = (pattern: RegExp) => readdirSync(config()).filter((name) => pattern.test(name));
  const asides = () => names(/before-restore-[^-]*$/);

  it('leaves the old database or the new one, and the old one whole in each case', async () => {
    const found = new Set<number>();
    const steps = await killAtEach(async (log) => {
      const count = await sessionsIn(database());
      found.add(count);
      expect([log, count]).toEqual([log, asides().length === 0 ? 2 : 1]);
      for (const name of asides()) expect(await sessionsIn(join(config(), name))).toBe(2);
      expect(names(/restoring/)).toEqual([]);
    });
    expect(steps).toBeGreaterThanOrEqual(LEAST_STEPS);
    expect([...found].sort()).toEqual([1, 2]);
  });

  it('leaves nothing that the next restore does not remove', async () => {
    await killAtEach(async () => {
      const { exitCode, stderr } = await home.run(['db', 'restore', 'kept.db', '--yes']);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(names(/partial|restoring/)).toEqual([]);
      expect(await sessionsIn(database())).toBe(1);
    });
  });

  it('is finished at the next start where the database was gone but its log was not', async () => {
    const store = await openSqliteStore({ path: database() });
    await store.sessions.create({ id: 'in-the-log', createdAt: new Date() });
    cpSync(`${database()}-wal`, `${database()}-kept`);
    await store.close();
    cpSync(`${database()}-kept`, `${database()}-wal`);
    rmSync(`${database()}-kept`);
    rmSync(database());

    let finished = 0;
    await killAtEach(async () => {
      const logs = () => names(/-wal$/);
      expect(logs()).toHaveLength(1);
      const isReady = existsSync(`${database()}.restoring`);
      const { exitCode, stderr } = await home.run(['-p', 'demo', 'third']);
      if (isReady) {
        finished += 1;
        expect(stderr).toContain('A restore of');
        expect(stderr).toContain('is complete now');
      }
      if (existsSync(database())) {
        expect(exitCode).toBe(0);
        expect(await sessionsIn(database())).toBe(2);
      } else {
        expect(stderr).toContain('is missing, but its log exists');
      }
      expect(logs()).toHaveLength(1);
    });
    expect(finished).toBeGreaterThan(0);
  });
});
