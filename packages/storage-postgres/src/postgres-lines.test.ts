import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aMessage, aSession, textsOf } from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();
type OnAnswer = (data: Buffer, client: Socket) => void;

/** A store whose line to the server does as it is told once it is open. */
async function withLine(
  silenceMs: number,
  work: (store: Store, spoil: (by: OnAnswer) => void) => Promise<void>,
) {
  let onAnswer: OnAnswer = (data, client) => void client.write(data);
  const { port, href } = new URL(postgres.url);
  const proxy = await openTcpProxy({
    port: Number(port),
    onAnswer: (data, client) => onAnswer(data, client),
  });
  const store = await openPostgresStore({
    url: href.replace(`:${port}/`, `:${proxy.port}/`),
    schema: postgres.newSchema(),
    allowForeign: true,
    silenceMs,
  });
  try {
    await work(store, (by) => (onAnswer = by));
  } finally {
    await store.close();
    await proxy.close();
  }
}

async function appendAll(store: Store, id: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await store.sessions.append(id, [aMessage(text)], null);
}

describe('a PostgreSQL store over a bad line', () => {
  it('waits for a slow one', async () => {
    await withLine(10_000, async (store, spoil) => {
      const { id } = await store.sessions.create(aSession());
      spoil((data, client) => void sleep(60).then(() => client.write(data)));
      await appendAll(store, id, ['1', '2', '3']);
      expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toEqual(['1', '2', '3']);
    });
  });

  it('waits for one with little data at a time, as long as some arrives', async () => {
    await withLine(2000, async (store, spoil) => {
      const { id } = await store.sessions.create(aSession());
      await appendAll(store, id, ['x'.repeat(2000)]);
      let line = Promise.resolve();
      spoil((data, client) => {
        for (let at = 0; at < data.length; at += 500) {
          line = line
            .then(() => sleep(450))
            .then(() => void client.write(data.subarray(at, at + 500)));
        }
      });
      const [message] = await store.sessions.messages(id, { limit: 9 });
      expect(textsOf([message!])).toEqual(['x'.repeat(2000)]);
    });
  });

  it('gives up a silent one, and continues when data arrives', async () => {
    await withLine(1000, async (store, spoil) => {
      const { id } = await store.sessions.create(aSession());
      let isSilent = true;
      spoil((data, client) => {
        if (!isSilent) client.write(data);
      });
      const message = aMessage('once');
      const unavailable = { code: 'SYNAPSE_STORAGE_UNAVAILABLE' };
      await expect(store.sessions.append(id, [message], null)).rejects.toMatchObject(unavailable);
      await expect(store.sessions.list({ limit: 5 })).rejects.toMatchObject(unavailable);
      isSilent = false;
      await store.sessions.append(id, [message], null);
      expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toEqual(['once']);
    });
  });

  it('survives a connection that is cut after any number of bytes', async () => {
    await withLine(10_000, async (store, spoil) => {
      const { id } = await store.sessions.create(aSession());
      const texts = Array.from({ length: 40 }, (_, index) => `${index}`);
      let left = Infinity;
      spoil((data, client) => {
        client.write(data.subarray(0, left));
        left -= data.length;
        if (left > 0) return;
        left = Infinity;
        client.resetAndDestroy();
      });
      for (const [index, text] of texts.entries()) {
        left = 1 + index * 7;
        await store.sessions.append(id, [aMessage(text)], null);
      }
      expect(textsOf(await store.sessions.messages(id, { limit: 99 }))).toEqual(texts);
    });
  });

  it('continues after a long pause of its own', async () => {
    await withLine(2000, async (store) => {
      const { id } = await store.sessions.create(aSession());
      await sleep(2500);
      await appendAll(store, id, ['later']);
      expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toEqual(['later']);
    });
  });

  it('is closed without waiting for a server that does not answer', async () => {
    await withLine(2000, async (store, spoil) => {
      await store.sessions.create(aSession());
      spoil(() => undefined);
    });
  });
});
