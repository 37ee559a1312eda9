import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptySession, type Message, type Session, type Store } from '@synapse/core';
import { createKnexStore, migrate } from '@synapse/storage-knex';
import {
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  inConversation,
  noon,
} from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import type { Knex } from 'knex';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { loadDrivers } from './load-drivers.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { makePrivateFile } from './prepare-file.ts';

const folder = temporaryFolder();
const KIB = 1024;

interface Held {
  rowCount: number;
  length: number;
  removedCount: number;
  /** At most so many calls were entered in the ledger. */
  enteredCount: number;
}

/** What each transaction has written and removed of messages. */
function watchTransactions(knex: Knex, onTransaction: () => void): Held[] {
  const transactions: Held[] = [];
  knex.on('query', ({ sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
    if (/^begin/i.test(sql)) {
      transactions.push({ rowCount: 0, length: 0, removedCount: 0, enteredCount: 0 });
      onTransaction();
    }
    const current = transactions.at(-1);
    if (!current) return;
    if (/^delete from `messages`/i.test(sql)) current.removedCount += bindings.length;
    if (/^insert into .?ledger.? .*select/is.test(sql)) current.enteredCount += rangeOf(bindings);
    if (!/^insert into `messages`/i.test(sql)) return;
    const texts = bindings.filter((value) => typeof value === 'string');
    current.rowCount += texts.filter((text) => text.startsWith('[{"type"')).length;
    current.length += texts.reduce((sum, text) => sum + text.length, 0);
  });
  return transactions;
}

/** The number of positions between the last two bindings; each is one of a message. */
function rangeOf(bindings: readonly unknown[]): number {
  const [after, upTo] = bindings.slice(-2).map(Number);
  return upTo! - after!;
}

function aSessionOf(count: number, length: number): { session: Session; page: Message[] } {
  const session = emptySession(aSession());
  const text = 'lorem ipsum '.repeat(Math.ceil(length / 12));
  const page = Array.from({ length: count }, (_, index): Message => {
    const place = { sessionId: session.id, seq: index + 1, turn: index + 1, ...inConversation };
    return { ...aMessage(text), ...place };
  });
  return { session, page };
}

function place({ sessionId, seq, turn }: Message) {
  return { sessionId, seq, turn, ...inConversation };
}

async function* inPages(messages: Message[], size: number): AsyncGenerator<Message[]> {
  for (let start = 0; start < messages.length; start += size) {
    yield messages.slice(start, start + size);
  }
}

describe('work on a long session', () => {
  let path: string;
  let store: Store;
  let transactions: Held[];
  let onTransaction: () => void;
  /** Called where the steps of a task let other processes write. */
  let onPause: () => Promise<unknown>;
  let databases = 0;

  beforeEach(async () => {
    path = join(folder, `${(databases += 1)}.db`);
    makePrivateFile(path);
    const { knex, dialect } = createSqliteKnex(await loadDrivers(), path);
    await migrate(knex, dialect);
    onPause = async () => undefined;
    const yieldToOthers = async () => {
      await onPause();
    };
    store = createKnexStore(knex, { ...dialect, yieldToOthers }, path);
    onTransaction = () => undefined;
    transactions = watchTransactions(knex, () => onTransaction());
  });
  afterEach(() => store.close());

  const most = () => ({
    rowCount: Math.max(...transactions.map(({ rowCount }) => rowCount)),
    length: Math.max(...transactions.map(({ length }) => length)),
  });

  it.each([
    ['many messages', 1300, 20],
    ['long messages', 30, 100 * KIB],
  ])(
    'stores and copies %s in transactions of some hundred rows and some MiB',
    async (_, count, length) => {
      const { session, page } = aSessionOf(count, length);
      await store.transfer.addSession(session, inPages(page, 500));
      expect(transactions.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(count);
      expect(most().rowCount).toBeLessThanOrEqual(500);
      expect(most().length).toBeLessThan(3 * KIB * KIB);

      transactions.length = 0;
      const copy = await store.sessions.fork(session.id, { id: 'copy', createdAt: noon });
      expect(copy.messageCount).toBe(count);
      expect(transactions.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(count);
      expect(most().rowCount).toBeLessThanOrEqual(500);
      expect(most().length).toBeLessThan(3 * KIB * KIB);
      expect(await store.maintenance.check()).toEqual([]);
    },
  );

  it('enters the calls of an import in transactions of some hundred rows', async () => {
    const { session, page } = aSessionOf(1300, 20);
    const answers = page.map((message) => ({ ...anAnswer('answer'), ...place(message) }));
    await store.transfer.addSession(session, inPages(answers, 500), { origin: 'import' });
    const entered = transactions.map(({ enteredCount }) => enteredCount);
    expect(entered.reduce((sum, one) => sum + one)).toBe(1300);
    expect(Math.max(...entered)).toBeLessThanOrEqual(1000);
    const [group] = await store.usage.usage({ by: 'provider', origin: 'import' });
    expect(group).toMatchObject({ answerCount: 1300 });
    expect(await store.maintenance.check()).toEqual([]);
  });

  it('counts each call once when an import died while it entered its calls', async () => {
    const { session, page } = aSessionOf(1300, 20);
    const answers = page.map((message) => ({ ...anAnswer('answer'), ...place(message) }));
    const other = await openSqliteStore({ path });
    onTransaction = () => {
      // Nothing more reaches the database, as when the process dies.
      if (transactions.some(({ enteredCount }) => enteredCount > 0)) throw new Error('died');
    };
    const dying = store.transfer.addSession(session, inPages(answers, 500), { origin: 'import' });
    await expect(dying).rejects.toThrow('died');
    expect(await other.sessions.get(session.id)).toBeUndefined();
    onTransaction = () => undefined;
    await other.transfer.addSession(session, inPages(answers, 500), { origin: 'import' });
    const [group] = await other.usage.usage({ by: 'provider', origin: 'import' });
    expect(group).toMatchObject({ answerCount: 1300 });
    expect(await other.maintenance.check()).toEqual([]);
    await other.close();
  });

  it('lets another process write between the transactions of an import', async () => {
    const { session, page } = aSessionOf(5000, 20);
    const answers = page.map((message) => ({ ...anAnswer('answer'), ...place(message) }));
    const other = await openSqliteStore({ path });
    const { id } = await other.sessions.create(aSession());
    let written = 0;
    onPause = async () => {
      await other.sessions.append(id, [aMessage('meanwhile')], null);
      written += 1;
    };
    await store.transfer.addSession(session, inPages(answers, 500), { origin: 'import' });
    // Ten for the messages, and five for their calls.
    expect(written).toBeGreaterThanOrEqual(15);
    await other.close();
  });

  it('stores short sessions many at a time, some hundred rows in each transaction', async () => {
    const short = Array.from({ length: 600 }, () => {
      const { session, page } = aSessionOf(2, 20);
      return { session, messages: page };
    });
    await store.transfer.addSessions(short);
    expect((await store.maintenance.info()).messageCount).toBe(1200);
    // However slow the machine is: a transaction has three of them at least.
    expect(transactions.length).toBeLessThan(300);
    expect(most().rowCount).toBeLessThanOrEqual(500);
  });

  const removed = () => transactions.map((one) => one.removedCount);

  it.each([
    ['many messages', 1300, 20, 500],
    ['long messages', 60, 100 * KIB, 12],
  ])('clears %s in short transactions', async (_, count, length, mostRows) => {
    const { session, page } = aSessionOf(count, length);
    await store.transfer.addSession(session, inPages(page, 500));
    transactions.length = 0;
    await store.sessions.clear(session.id, null);
    expect(Math.max(...removed())).toBeLessThanOrEqual(mostRows);
    expect(removed().reduce((sum, one) => sum + one)).toBe(count);
    expect(await store.sessions.get(session.id)).toMatchObject({ messageCount: 0, preview: null });
  });

  it('leaves an earlier state of a session if clearing it is interrupted, and clears the rest later', async () => {
    const { session, page } = aSessionOf(1300, 20);
    await store.transfer.addSession(session, inPages(page, 500));
    await store.sessions.undoTurn(session.id, null);
    const variant = await store.sessions.append(session.id, [aMessage('again')], null);
    await store.sessions.append(session.id, [anAnswer('other')], null, { of: variant[0]!.turn });
    const before = await store.sessions.messages(session.id, { limit: 500, turns: 'all' });
    const lease = await store.sessions.acquireLease(session.id, aLeaseRequest());
    transactions.length = 0;
    let taking: Promise<unknown> | undefined;
    onTransaction = () => {
      // What a process that dies leaves: the steps until then.
      if (transactions.length === 2) taking ??= store.sessions.releaseLease(lease);
    };
    const clearing = store.sessions.clear(session.id, lease);
    await expect(clearing).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_BUSY' });
    await taking;
    onTransaction = () => undefined;
    const left = await store.sessions.messages(session.id, { limit: 500, after: 0, turns: 'all' });
    expect(left.length).toBeGreaterThan(0);
    const all = (await store.sessions.get(session.id))!.messageCount;
    expect(all).toBeGreaterThan(0);
    expect(all).toBeLessThan(1300);
    expect(left[0]).toMatchObject({ seq: 1, turn: 1 });
    expect(before.at(-1)?.seq).toBeGreaterThan(all);
    expect(await store.maintenance.check()).toEqual([]);
    await store.sessions.clear(session.id, null);
    expect((await store.sessions.get(session.id))?.messageCount).toBe(0);
  });

  it('leaves no copy of a session whose messages are removed meanwhile', async () => {
    const { session, page } = aSessionOf(1300, 20);
    await store.transfer.addSession(session, inPages(page, 500));
    const other = await openSqliteStore({ path });
    let clearing: Promise<unknown> | undefined;
    onPause = () => (clearing ??= other.sessions.clear(session.id, null));
    const copy = store.sessions.fork(session.id, { id: 'copy', createdAt: noon });
    await expect(copy).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_BUSY' });
    expect(clearing).toBeDefined();
    expect(await store.sessions.get('copy')).toBeUndefined();
    await other.close();
  });

  it('is removed by a cleanup if its process died in the middle', async () => {
    const { session, page } = aSessionOf(1500, 20);
    const other = await openSqliteStore({ path });
    async function* dying(): AsyncGenerator<Message[]> {
      yield* inPages(page.slice(0, 1000), 500);
      yield page.slice(1000, 1001);
      expect((await other.maintenance.info()).messageCount).toBe(1001);
      await other.retention.dropForgotten(new Date(Date.now() - 60_000));
      expect((await other.maintenance.info()).messageCount).toBe(1001);
      await other.retention.dropForgotten(new Date(Date.now() + 60_000));
      expect(await other.maintenance.info()).toMatchObject({ sessionCount: 0, messageCount: 0 });
      yield page.slice(1001);
    }
    const dead = store.transfer.addSession(session, dying());
    await expect(dead).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_BUSY' });
    expect(await store.sessions.get(session.id)).toBeUndefined();
    await other.close();
  });
});
