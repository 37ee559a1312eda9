import { systemClock, type Store } from '@synapse/core';
import { defaultContextSettings, SessionContext } from '@synapse/core/conversation';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { anAnswer, aSession } from '../support/samples.ts';
import { LONG_SESSION, largeStore } from './large-store.ts';
import { compare, type Measure } from './measure.ts';

const RUNS = 25;
const SHORT = 2_000;

/**
 * Building a request: what it costs goes by what it holds, not by how long the session is. The first
 * one of each, which notes what is left out, only warms up.
 */
export async function benchContext(reuse: boolean): Promise<Measure[]> {
  const store = await openSqliteStore({ path: await largeStore(reuse) });
  try {
    const [short, other] = [await aShortSession(store), await aShortSession(store)];
    const long = LONG_SESSION.id;
    const build = (sessionId: string, maxTokens: number) => () =>
      contextOf(store, sessionId, maxTokens).messages({ tools: [] }, writer);
    const writer = { sessions: store.sessions, lease: null, clock: systemClock };
    return [
      await compare(
        `a request of 32k tokens from 100,000 messages (from ${SHORT.toLocaleString('en')})`,
        'flat: about 1',
        build(long, 32_000),
        build(short, 32_000),
        RUNS,
      ),
      await compare(
        `a request of 64k tokens from ${SHORT.toLocaleString('en')} messages (of 32k)`,
        'linear: about 2',
        build(other, 64_000),
        build(short, 32_000),
        RUNS,
      ),
    ];
  } finally {
    await store.close();
  }
}

function contextOf(store: Store, sessionId: string, maxTokens: number): SessionContext {
  const { sessions, attachments } = store;
  return new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt: null },
    answerer: { provider: 'demo', model: 'echo' },
    limits: { contextTokens: null, maxOutputTokens: null },
    settings: { ...defaultContextSettings, maxTokens },
  });
}

/** The newest messages of the long session, in one of their own. */
async function aShortSession({ sessions }: Store): Promise<string> {
  const { id } = await sessions.create(aSession());
  const newest = await sessions.messages(LONG_SESSION.id, { limit: 500 });
  for (let count = 0; count < SHORT; count += newest.length) {
    const copies = newest.map(({ parts }) => anAnswer('', { parts }));
    await sessions.append(id, copies, null);
  }
  return id;
}
