import { describe, expect, it } from '@jest/globals';
import { newId, type Message, type NewMessage, type Store } from '@synapse/core';
import {
  aConversation,
  aMessage,
  anAnswer,
  aSession,
  aTitle,
  at,
  textsOf,
} from '../support/samples.ts';

/** For stores with a schema; `open` opens the same database again and again. */
export function schemaContract(name: string, newDatabase: () => () => Promise<Store>): void {
  describe(`Schema contract: ${name}`, () => {
    it('says which steps were applied', async () => {
      const store = await newDatabase()();
      const { applied, pending } = await store.maintenance.schema();
      const { schemaVersion } = await store.maintenance.info();
      expect(applied.map(({ version }) => version)).toEqual(applied.map((_, index) => index + 1));
      expect(applied).toHaveLength(schemaVersion);
      expect(applied[0]?.name).toBe('0001-create-sessions');
      expect(pending).toEqual([]);
      await store.close();
    });

    it('goes back step by step to nothing, and up again', async () => {
      const open = newDatabase();
      let store = await open();
      const { applied } = await store.maintenance.schema();
      for (let left = applied.length - 1; left >= 0; left -= 1) {
        const status = await store.maintenance.rollBack();
        expect(status.applied).toHaveLength(left);
        expect(status.pending[0]).toBe(applied[left]?.name);
      }
      const tooFar = store.maintenance.rollBack();
      await expect(tooFar).rejects.toMatchObject({ code: 'SYNAPSE_INVALID_DATA' });
      await store.close();

      store = await open();
      expect((await store.maintenance.schema()).applied).toHaveLength(applied.length);
      await aConversation(store, ['q']);
      await store.close();
    });

    it('keeps what was said when steps that hold none of it go back and up again', async () => {
      const open = newDatabase();
      let store = await open();
      const { id, messages } = await aConversation(store, ['a fox', 'a hen']);
      const { applied } = await store.maintenance.schema();
      for (let left = applied.length; left > 1; left -= 1) await store.maintenance.rollBack();
      await store.close();

      store = await open();
      expect(await store.sessions.messages(id, { limit: 9 })).toEqual(messages);
      const query = { terms: [[{ tokens: ['fox'], isPrefix: false }]], excluded: [] };
      const { items } = await store.search.search(query, { limit: 9 });
      expect(items.map(({ messageId }) => messageId)).toEqual([messages[0]?.id]);
      await store.close();
    });

    it('takes an answer for whole when the model that was asked goes with an older schema', async () => {
      const open = newDatabase();
      let store = await open();
      const { id } = await store.sessions.create(aSession());
      const asked = { askedProvider: 'router', askedModel: 'auto' };
      const [answer] = await store.sessions.append(id, [anAnswer('a', asked)], null);
      const { applied } = await store.maintenance.schema();
      for (let left = applied.length; left > 11; left -= 1) await store.maintenance.rollBack();
      await store.close();

      store = await open();
      const page = { limit: 9 };
      expect(await store.sessions.messages(id, page)).toEqual([
        { ...answer, askedProvider: null, askedModel: null },
      ]);
      expect(await store.maintenance.check()).toEqual([]);
      await store.close();
    });

    it('fills the ledger from what an older schema holds, the copies of forks counted once', async () => {
      const open = newDatabase();
      let store = await open();
      const { sessions } = store;
      const fork = async (id: string, throughMessageId?: string) => {
        const made = { id: newId(), createdAt: at(900), throughMessageId };
        return (await sessions.fork(id, made)).id;
      };
      // A fork of a fork, with calls of its own, and one of a turn that was undone since.
      const source = await aPaidTalk(store, 3);
      const first = await fork(source.id);
      await aPaidTurn(store, first, 20);
      const second = await fork(first);
      await aPaidTurn(store, second, 30);
      await sessions.undoTurn(source.id, null);
      // Siblings, and the fork of one, whose source is gone.
      const gone = await aPaidTalk(store, 2, 100);
      const siblings = [await fork(gone.id), await fork(gone.id, gone.messages[1]!.id)];
      const nephew = await fork(siblings[0]!);
      await sessions.purge([gone.id]);
      // A fork of a fork that is gone, of a source that is there.
      const kept = await aPaidTalk(store, 1, 200);
      const between = await fork(kept.id);
      const last = await fork(between);
      await sessions.purge([between]);
      // The same at another time is another call.
      const twin = await aPaidTalk(store, 1, 300);
      const title = aTitle('t', paidFor(301));
      await sessions.append(
        twin.id,
        [title, aTitle('own'), anAnswer('', { status: 'failed' })],
        null,
      );
      const spent = [source.id, first, second, ...siblings, nephew, kept.id, last, twin.id];

      let { applied } = await store.maintenance.schema();
      while (applied.some(({ name: step }) => step === '0009-create-ledger')) {
        ({ applied } = await store.maintenance.rollBack());
      }
      await store.close();
      store = await open();
      const ledger = await store.transfer.ledger({ after: null, limit: 99 });
      const counts = spent.map((id) => ledger.filter(({ sessionId }) => sessionId === id).length);
      // The turn that was undone at the source is known by its copy.
      expect(counts).toEqual([2, 2, 1, 2, 0, 0, 1, 0, 3]);
      expect(ledger.find(({ id }) => id === title.id)).toMatchObject({
        ...{ kind: 'title', origin: null, status: 'complete', ...paidFor(301) },
      });
      const [total] = await store.usage.usage({ by: 'provider' });
      expect(total).toMatchObject({ answerCount: 11, costNanoUsd: 70, unpricedCount: 0 });
      expect(await store.sessions.get(first)).toMatchObject({ costNanoUsd: 14, messageCount: 8 });
      expect(await store.sessions.get(nephew)).toMatchObject({ costNanoUsd: 0, unpricedCount: 0 });
      expect(await store.maintenance.check()).toEqual([]);
      await store.close();
    });

    it('removes what is not active for an older program, and counts what is left', async () => {
      const open = newDatabase();
      let store = await open();
      const { id, messages } = await aConversation(store, ['q1', 'a1', 'q2', 'a2']);
      const usage = { inputTokens: 9, outputTokens: 8, cacheReadTokens: 0 };
      const all = { ...usage, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };
      await store.sessions.append(id, [aMessage('q2'), anAnswer('fox', { usage: all })], null, {
        of: 2,
      });
      await store.sessions.chooseVariant(id, 3, null);
      await store.sessions.chooseVariant(id, 2, null);
      await store.sessions.undoTurn(id, null);
      await store.sessions.append(id, [aMessage('q3'), anAnswer('a3')], null);
      while ((await store.maintenance.rollBack()).applied.some(isVariants));
      await store.close();

      store = await open();
      const left = await store.sessions.messages(id, { limit: 9, turns: 'all' });
      expect(textsOf(left)).toEqual(['q1', 'a1', 'q3', 'a3']);
      expect(left.map(({ turn }) => turn)).toEqual([1, 1, 2, 2]);
      expect(left.slice(0, 2)).toEqual(messages.slice(0, 2));
      expect(await store.sessions.get(id)).toMatchObject({ inputTokens: 9, unpricedCount: 4 });
      expect(await store.maintenance.check()).toEqual([]);
      expect(textsOf(await store.sessions.undoTurn(id, null))).toEqual(['q3', 'a3']);
      await store.close();
    });
  });
}

export function paidFor(second: number): Partial<NewMessage> {
  const usage = {
    ...{ inputTokens: 10, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 },
    ...{ reasoningTokens: 0, estimated: false },
  };
  const price = {
    ...{ inputPerMillion: 1, outputPerMillion: 1, cacheReadPerMillion: 1, cacheWritePerMillion: 1 },
  };
  const by = { provider: 'demo', model: 'echo' };
  return { ...by, usage, cost: { nanoUsd: 7, price }, latencyMs: 12, createdAt: at(second) };
}

async function aPaidTurn({ sessions }: Store, id: string, second: number): Promise<Message[]> {
  const asked = aMessage('q', { createdAt: at(second) });
  return sessions.append(id, [asked, anAnswer('a', paidFor(second + 1))], null);
}

export async function aPaidTalk(
  store: Store,
  turns: number,
  second = 0,
): Promise<{ id: string; messages: Message[] }> {
  const { id } = await store.sessions.create(aSession());
  const messages: Message[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    messages.push(...(await aPaidTurn(store, id, second + 2 * turn)));
  }
  return { id, messages };
}

function isVariants({ name }: { name: string }): boolean {
  return name.endsWith('-add-variants');
}
