import { expect } from '@jest/globals';
import { newId, type NewMessage, type Store } from '@synapse/core';
import { copyStore, exportSessions, importSessions, jsonFormat } from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import fc from 'fast-check';
import { aLeaseRequest, aMessage, anAnswer, aSession, aTitle, at } from '../../support/samples.ts';

const price = {
  ...{ inputPerMillion: 1, outputPerMillion: 1 },
  ...{ cacheReadPerMillion: 1, cacheWritePerMillion: 1 },
};

const paidFor = (nanoUsd: number): Partial<NewMessage> => ({
  usage: {
    ...{ inputTokens: nanoUsd, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
    ...{ reasoningTokens: 0, estimated: false },
  },
  cost: { nanoUsd, price },
});

/** What every call cost, entered once by hand, beside a store that has to come to the same sums. */
class Spending {
  readonly store: Store;
  readonly calls = new Map<string, { sessionId: string; nanoUsd: number }>();
  readonly sessionIds: string[] = [];
  /** A running answer of each session, which a checkpoint or its end replaces. */
  readonly running = new Map<string, NewMessage>();
  lastAppend: [sessionId: string, messages: NewMessage[]] | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  /** Commands meet sessions of every kind; the store refuses those that it must. */
  pick(number: number): string {
    return this.sessionIds[number % this.sessionIds.length]!;
  }

  async append(sessionId: string, messages: NewMessage[]): Promise<void> {
    const session = await this.store.sessions.get(sessionId);
    if (!session || session.deletedAt) return;
    await this.store.sessions.append(sessionId, messages, null);
    this.lastAppend = [sessionId, messages];
    for (const { id, cost } of messages) {
      if (cost) this.calls.set(id, { sessionId, nanoUsd: cost.nanoUsd });
    }
  }

  sumOf(sessionId?: string): number {
    return [...this.calls.values()]
      .filter((call) => sessionId === undefined || call.sessionId === sessionId)
      .reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
  }
}

type Command = (spending: Spending) => Promise<void>;

/** Refused where the session is gone or in the trash. */
const tried = async (work: Promise<unknown>) => {
  await work.catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'SYNAPSE_SESSION_NOT_FOUND' });
  });
};

const commands: Record<string, (which: number, nanoUsd: number) => Command> = {
  create: () => async (spending) => {
    spending.sessionIds.push((await spending.store.sessions.create(aSession())).id);
  },
  ask: (which, nanoUsd) => async (spending) => {
    const id = spending.pick(which);
    await spending.append(id, [aMessage('q')]);
    await spending.append(id, [anAnswer('a', paidFor(nanoUsd))]);
  },
  'ask at once': (which, nanoUsd) => async (spending) => {
    const answers = [paidFor(nanoUsd), { status: 'failed' as const }];
    const messages = answers.map((answer) => anAnswer('a', answer));
    await spending.append(spending.pick(which), [
      ...[aMessage('q'), ...messages],
      aTitle('t', { ...paidFor(nanoUsd), status: 'failed' }),
    ]);
  },
  checkpoint: (which, nanoUsd) => async (spending) => {
    const id = spending.pick(which);
    const before = spending.running.get(id) ?? anAnswer('par');
    const running = { ...before, ...paidFor(nanoUsd), status: 'running' as const };
    spending.running.set(id, running);
    await spending.append(id, [running]);
  },
  complete: (which, nanoUsd) => async (spending) => {
    const id = spending.pick(which);
    const running = spending.running.get(id);
    if (!running) return;
    spending.running.delete(id);
    await spending.append(id, [{ ...running, ...paidFor(nanoUsd), status: 'complete' }]);
  },
  'append again': () => async (spending) => {
    if (!spending.lastAppend) return;
    const [id, messages] = spending.lastAppend;
    await tried(spending.store.sessions.append(id, messages, null));
  },
  fork: (which, through) => async (spending) => {
    const { sessions } = spending.store;
    const source = spending.pick(which);
    if (!(await sessions.get(source))) return;
    const messages = await sessions.messages(source, { limit: 500 });
    const throughMessageId = messages[through % (messages.length + 1)]?.id;
    const fork = { id: newId(), createdAt: at(500), throughMessageId };
    spending.sessionIds.push((await sessions.fork(source, fork)).id);
  },
  undo: (which) => (spending) =>
    tried(spending.store.sessions.undoTurn(spending.pick(which), null)),
  clear: (which) => (spending) => tried(spending.store.sessions.clear(spending.pick(which), null)),
  trash: (which) => (spending) => tried(spending.store.sessions.trash(spending.pick(which), at(1))),
  restore: (which) => (spending) =>
    tried(spending.store.sessions.restore(spending.pick(which), at(2))),
  purge: (which) => async (spending) => {
    await spending.store.sessions.purge([spending.pick(which)]);
  },
  lease: (which) => async (spending) => {
    const { sessions } = spending.store;
    const id = spending.pick(which);
    await tried(
      (async () => {
        const lease = await sessions.acquireLease(id, aLeaseRequest());
        await sessions.releaseLease(lease);
      })(),
    );
    // Whoever takes the lease ends what was running.
    const running = spending.running.get(id);
    const stored = running && (await sessions.get(id)) && (await sessions.message(id, running.id));
    if (stored?.status !== 'running') spending.running.delete(id);
  },
  'export, purge and import': (which) => async (spending) => {
    const { store } = spending;
    const id = spending.pick(which);
    const session = await store.sessions.get(id);
    if (!session) return;
    const pieces: Buffer[] = [];
    for await (const piece of exportSessions(store, [session], { format: jsonFormat })) {
      pieces.push(Buffer.from(piece));
    }
    async function* file() {
      yield* pieces;
    }
    await importSessions(store, file);
    await store.sessions.purge([id]);
    await importSessions(store, file);
  },
  'copy to another store and back':
    () =>
    async ({ store, sessionIds }) => {
      const other = createMemoryStore();
      await copyStore(store, other);
      expect(await totalOf(other, 'any')).toBe(await totalOf(store, 'any'));
      await store.sessions.purge(sessionIds.slice(0, 1));
      await copyStore(other, store);
    },
};

async function totalOf({ usage }: Store, origin?: string): Promise<number> {
  const groups = await usage.usage({ by: 'provider', origin });
  return groups.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
}

const anyCommand = fc
  .tuple(fc.constantFrom(...Object.keys(commands)), fc.nat(9), fc.nat(1000))
  .map(([name, which, number]) => ({ name, which, number }));

/** Whatever is done to a store, it counts every call once and for good. */
export async function spendingIsCountedOnce(store: Store): Promise<void> {
  const run = fc.asyncProperty(fc.array(anyCommand, { maxLength: 14 }), async (steps) => {
    // One store for all runs: a new one for each takes longer than what is done in it.
    const base = await totalOf(store);
    const spending = new Spending(store);
    await commands.create!(0, 0)(spending);
    for (const { name, which, number } of steps) {
      await commands[name]!(which, number)(spending);
      expect([name, (await totalOf(store)) - base]).toEqual([name, spending.sumOf()]);
    }
    expect(await totalOf(store, 'any')).toBe(await totalOf(store));
    for (const id of spending.sessionIds) {
      const session = await store.sessions.get(id);
      if (session) expect(session.costNanoUsd).toBe(spending.sumOf(id));
    }
  });
  await fc.assert(run, { numRuns: 25 });
  expect(await store.maintenance.check()).toEqual([]);
}
