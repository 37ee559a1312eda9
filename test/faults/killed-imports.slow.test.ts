import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewMessage, Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { digestsOf } from '../support/digests-of.ts';
import { SynapseHome } from '../support/run-synapse.ts';
import { aMessage, anAnswer, aSession } from '../support/samples.ts';
import { until } from '../support/until.ts';

const SHORT_SESSIONS = 200;
const MESSAGES_EACH = 2;
const LONG_SESSION = 8000;
const AT_ONCE = 400;
const ALL_MESSAGES = SHORT_SESSIONS * MESSAGES_EACH + LONG_SESSION;
/** How many messages are stored when the process is killed: among short sessions, and in the long one. */
const MOMENTS = [1, 150, SHORT_SESSIONS * MESSAGES_EACH + 1, 3000, 7000];
const usage = {
  ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ reasoningTokens: 0, estimated: false },
};

function turns(count: number): NewMessage[] {
  return Array.from({ length: count }, () => [
    aMessage('question'),
    anAnswer('answer', { usage }),
  ]).flat();
}

describe('an import that is killed', () => {
  let source: SynapseHome;
  let home: SynapseHome;
  let file: string;
  const open = ({ folder }: SynapseHome) =>
    openSqliteStore({ path: join(folder, '.config/synapse/sessions.db') });

  beforeEach(async () => {
    source = new SynapseHome();
    home = new SynapseHome();
    file = join(source.folder, 'all.ndjson');
    const store = await open(source);
    for (let index = 0; index < SHORT_SESSIONS; index += 1) {
      const { id } = await store.sessions.create(aSession());
      await store.sessions.append(id, turns(1), null);
    }
    const { id } = await store.sessions.create(aSession({ handle: 'long' }));
    for (let stored = 0; stored < LONG_SESSION; stored += AT_ONCE) {
      await store.sessions.append(id, turns(AT_ONCE / 2), null);
    }
    await store.close();
    expect(await source.run(['sessions', 'export', '--all', '-o', file])).toMatchObject({
      exitCode: 0,
    });
  });
  afterEach(() => {
    source.remove();
    home.remove();
  });

  async function answersIn(store: Store): Promise<number> {
    const groups = await store.usage.usage({ by: 'provider', origin: 'any' });
    return groups.reduce((sum, { answerCount }) => sum + answerCount, 0);
  }

  it('shows whole sessions only, each call once, and is finished by doing it again', async () => {
    const original = await open(source);
    const expected = await digestsOf(original);
    await original.close();
    expect(expected.size).toBe(SHORT_SESSIONS + 1);

    const store = await open(home);
    let killed = 0;
    for (const moment of MOMENTS) {
      const importing = home.start(['sessions', 'import', file]);
      const closed = once(importing, 'close');
      await until(
        async () =>
          importing.exitCode !== null || (await store.maintenance.info()).messageCount >= moment,
      );
      importing.kill('SIGKILL');
      const [exitCode] = (await closed) as [number | null];
      if (exitCode === null) killed += 1;
      for (const [id, digest] of await digestsOf(store))
        expect([id, digest]).toEqual([id, expected.get(id)]);
      expect(await store.maintenance.check()).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
    expect(await home.run(['sessions', 'import', file])).toMatchObject({ exitCode: 0 });
    expect(await digestsOf(store)).toEqual(expected);
    expect(await answersIn(store)).toBe(ALL_MESSAGES / 2);
    expect((await store.maintenance.info()).messageCount).toBe(ALL_MESSAGES);
    await store.close();
  });
});
