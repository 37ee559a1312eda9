import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import { newId, silentLogger } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { SkippingClock } from '@synapse/test/fakes/skipping-clock';
import { runPeriodicCleanup } from './run-periodic-cleanup.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What is said in so many hours, where one of two sessions has been quiet for 100 days. */
async function saidIn(hours: number, autoCleanup: string) {
  const { settings } = await loadSettings({
    environment: { HOME: '/nowhere' },
    flags: { 'session.auto_cleanup': autoCleanup },
  });
  const clock = new SkippingClock();
  const store = createMemoryStore();
  const now = clock.now().getTime();
  const createdAt = [now - 100 * dayMs, now - dayMs];
  for (const at of createdAt) await store.sessions.create({ id: newId(), createdAt: new Date(at) });
  const announcedAt = new Date(now - dayMs);
  await store.retention.saveMemo({ announcedAt, mark: 0 });
  const end = new AbortController();
  clock.onSleep = () => {
    if (clock.sleeps.length === hours) end.abort();
  };
  const said: string[] = [];
  const app = { settings, clock, logger: silentLogger };
  await runPeriodicCleanup(app, store.retention, (text) => said.push(text), end.signal);
  const { items } = await store.sessions.list({ limit: 10 });
  return { said, sleeps: clock.sleeps, livingCount: items.length };
}

describe('runPeriodicCleanup', () => {
  it('prints one line when it did something, and nothing in the following hours', async () => {
    expect(await saidIn(3, 'true')).toEqual({
      said: [
        expect.stringMatching(/^moved 1 session to the trash .*; synapse sessions restore \S+$/),
      ],
      sleeps: [3_600_000, 3_600_000, 3_600_000],
      livingCount: 1,
    });
  });

  it('does nothing if auto_cleanup is off', async () => {
    expect(await saidIn(2, 'false')).toMatchObject({ said: [], livingCount: 2 });
  });
});
