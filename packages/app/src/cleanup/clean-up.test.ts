import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId, silentLogger, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { cleanUp, type Cleanup } from './clean-up.ts';
import { startBackgroundCleanup } from './start-background-cleanup.ts';

const now = new Date('2026-03-31T12:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;

const limits = {
  max_sessions: 100,
  retention_days: 90,
  min_age_days: 0,
  trash_days: 30,
  auto_cleanup: true,
};

describe('cleanUp', () => {
  let store: Store;
  let said: string[];
  let explanations: string[];

  beforeEach(() => {
    store = createMemoryStore();
    said = [];
    explanations = [];
  });

  function cleanup(session: Partial<typeof limits> = {}): Cleanup {
    return {
      retention: store.retention,
      settings: { session: { ...limits, ...session } } as Cleanup['settings'],
      clock: { now: () => now },
      logger: silentLogger,
      notify: (text) => said.push(text),
      explain: (text) => explanations.push(text),
    };
  }

  async function add(ageDays: number): Promise<string> {
    const createdAt = new Date(now.getTime() - ageDays * DAY_MS);
    return (await store.sessions.create({ id: newId(), createdAt })).id;
  }

  /** As after the cleanup that only says what the next ones do. */
  async function announce(): Promise<void> {
    await store.retention.saveMemo({ announcedAt: new Date(now.getTime() - DAY_MS), mark: 0 });
  }

  it('only announces on the first run what it would do, how to see it, and how to change it', async () => {
    const id = await add(91);
    await cleanUp(cleanup());
    expect((await store.sessions.get(id))?.deletedAt).toBeNull();
    expect(said).toEqual([
      'your limits apply from tomorrow: cleanup will then move 1 session to the trash (inactive for more than 90 days). ' +
        'synapse sessions prune --dry-run shows the sessions; ' +
        'session.max_sessions, session.retention_days and session.auto_cleanup change the limits',
    ]);
    await cleanUp({ ...cleanup(), clock: { now: () => new Date(now.getTime() + DAY_MS) } });
    expect((await store.sessions.get(id))?.deletedAt).not.toBeNull();
    expect(said).toHaveLength(2);
  });

  it('does nothing before a user could read the announcement', async () => {
    const id = await add(91);
    for (const days of [0, 2]) {
      const clock = { now: () => new Date(now.getTime() + days * DAY_MS) };
      await cleanUp({ ...cleanup(), clock, notify: undefined });
    }
    expect((await store.sessions.get(id))?.deletedAt).toBeNull();
    await cleanUp(cleanup());
    expect(said).toEqual([expect.stringContaining('your limits apply from tomorrow')]);
  });

  it('moves old sessions to the trash, and reports how to restore them', async () => {
    const id = await add(91);
    await add(1);
    await announce();
    await cleanUp(cleanup());
    expect((await store.sessions.get(id))?.deletedAt).toEqual(now);
    expect(said).toEqual([
      `moved 1 session to the trash (inactive for more than 90 days); synapse sessions restore ${id}`,
    ]);
    await cleanUp(cleanup());
    expect(said).toHaveLength(1);
  });

  it('reports the sessions that it removed for good', async () => {
    const id = await add(200);
    await store.sessions.trash(id, new Date(now.getTime() - 31 * DAY_MS));
    await announce();
    await cleanUp(cleanup());
    expect(said).toEqual(['removed 1 session for good (in the trash for more than 30 days)']);
  });

  it('does nothing if auto_cleanup is off, and shows a hint once a week', async () => {
    const ids = [await add(91), await add(92), await add(93)];
    await cleanUp(cleanup({ auto_cleanup: false, max_sessions: 2 }));
    await cleanUp(cleanup({ auto_cleanup: false, max_sessions: 2 }));
    expect((await store.sessions.get(String(ids[0])))?.deletedAt).toBeNull();
    expect(said).toEqual([]);
    expect(explanations).toEqual([expect.stringContaining('there are more than 2 sessions')]);
  });

  it('only explains why it did nothing', async () => {
    for (let count = 0; count < 30; count += 1) await add(100);
    await announce();
    await cleanUp(cleanup());
    expect(said).toEqual([]);
    expect(explanations).toEqual([expect.stringContaining('sessions prune --dry-run')]);
  });

  it('finishes an interrupted purge, whatever the settings are', async () => {
    let scrubs = 0;
    Object.assign(store.retention, {
      isScrubDue: async () => scrubs === 0,
      scrub: async () => {
        scrubs += 1;
      },
    });
    await cleanUp(cleanup({ auto_cleanup: false }));
    await cleanUp(cleanup({ auto_cleanup: false }));
    expect(scrubs).toBe(1);
  });

  it('drops attachments of messages that were never stored, a month later', async () => {
    const bytes = Buffer.from('attached');
    const { sha256 } = await store.attachments.put({ bytes, mediaType: 'x/y', name: null });
    const cleanUpAfter = (days: number) =>
      cleanUp({
        ...cleanup({ auto_cleanup: false }),
        clock: { now: () => new Date(Date.now() + days * DAY_MS) },
      });
    await cleanUpAfter(29);
    expect(await store.attachments.get(sha256)).toBeDefined();
    await cleanUpAfter(31);
    expect(await store.attachments.get(sha256)).toBeUndefined();
    expect(said).toEqual([]);
  });

  it('never makes the command fail that triggered it', async () => {
    await add(91);
    const memo = () => Promise.reject(new Error('disk'));
    await cleanUp({ ...cleanup(), retention: { ...store.retention, memo } });
    expect(said).toEqual([]);
  });

  it('finishes in the background, even if the requests are short', async () => {
    for (let count = 0; count < 251; count += 1) await add(91);
    for (let count = 0; count < 300; count += 1) await add(2);
    await announce();
    const unlimited = cleanup({ max_sessions: 0 });
    await startBackgroundCleanup(unlimited).finish();
    const left = async () => (await store.sessions.list({ limit: 1000 })).items.length;
    expect(await left()).toBe(351);
    await startBackgroundCleanup(unlimited).finish();
    expect(await left()).toBe(300);
  });
});
