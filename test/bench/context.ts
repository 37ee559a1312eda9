import { defaultContextSettings, SessionContext, type Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { anAnswer, aSession } from '../support/samples.ts';
import { LONG_SESSION, largeStore } from './large-store.ts';
import { compare, type Measure } from './measure.ts';

const RUNS = 25;
const SHORT = 2_000;

/** Building a request: what it costs goes by what it holds, not by how long the session is. */
export async function benchContext(reuse: boolean): Promise<Measure[]> {
  const store = await openSqliteStore({ path: await largeStore(reuse) });
  try {
    const shortId = await aShortSession(store);
    const build = (sessionId: string, maxTokens: number) => async () => {
      await contextOf(store, sessionId, maxTokens).messages({ tools: [] }, null);
    };
    return [
      await compare(
        `a request of 32k tokens from 100,000 messages (from ${SHORT.toLocaleString('en')})`,
        'flat: about 1',
        build(LONG_SESSION.id, 32_000),
        build(shortId, 32_000),
        RUNS,
      ),
      await compare(
        'a request of 64k tokens from 100,000 messages (of 32k)',
        'linear: about 2',
        build(LONG_SESSION.id, 64_000),
        build(LONG_SESSION.id, 32_000),
        RUNS,
      ),
      await compare(
        'a request of 32k tokens from 100,000 messages (only reading its rows)',
        '',
        build(LONG_SESSION.id, 32_000),
        () => store.sessions.messages(LONG_SESSION.id, { limit: 500 }),
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
