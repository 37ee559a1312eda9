import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  at,
  noon,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

/** Each changes the session or its messages. */
export const changesOfASession: Record<
  string,
  (store: Pick<Store, 'sessions'>, id: string) => Promise<unknown>
> = {
  'another title': ({ sessions }, id) => sessions.update(id, { title: newId() }),
  'a tag': ({ sessions }, id) => sessions.update(id, { addTags: ['new'] }),
  'no tag': ({ sessions }, id) => sessions.update(id, { removeTags: ['new'] }),
  'a question': ({ sessions }, id) => sessions.append(id, [aMessage('q')], null),
  'a question and its answer': ({ sessions }, id) =>
    sessions.append(id, [aMessage('q'), anAnswer('a')], null),
  'a checkpoint and its end': async ({ sessions }, id) => {
    const answer = anAnswer('a', { status: 'running' });
    await sessions.append(id, [answer], null);
    const before = (await sessions.get(id))?.revision ?? 0;
    await sessions.append(id, [{ ...answer, status: 'complete' }], null);
    expect((await sessions.get(id))?.revision).toBe(before + 1);
  },
  'a variant': ({ sessions }, id) => chooseAVariant({ sessions }, id),
  'an undone turn': ({ sessions }, id) => sessions.undoTurn(id, null),
  'an interrupted answer': async ({ sessions }, id) => {
    await sessions.append(id, [aMessage('q'), anAnswer('a', { status: 'running' })], null);
    const before = (await sessions.get(id))?.revision ?? 0;
    await sessions.releaseLease(await sessions.acquireLease(id, aLeaseRequest()));
    expect((await sessions.get(id))?.revision).toBe(before + 1);
  },
  'no messages': ({ sessions }, id) => sessions.clear(id, null),
  'the trash': ({ sessions }, id) => sessions.trash(id, noon),
  'out of the trash': ({ sessions }, id) => sessions.restore(id, noon),
};

async function chooseAVariant({ sessions }: Pick<Store, 'sessions'>, id: string): Promise<void> {
  const stored = await sessions.append(id, [aMessage('one')], null);
  const place = { of: stored[0]?.turn ?? 0 };
  const [other] = await sessions.append(id, [aMessage('two')], null, place);
  const before = (await sessions.get(id))?.revision ?? 0;
  await sessions.chooseVariant(id, other?.turn ?? 0, null);
  expect((await sessions.get(id))?.revision).toBe(before + 1);
}

export const revisionCases: ContractCases<TestedStore> = {
  'begins at 0 and rises with every change of a session or its messages': async ({ sessions }) => {
    const { id, revision } = await sessions.create(aSession({ tags: ['old'] }));
    expect(revision).toBe(0);
    let last = 0;
    for (const [name, change] of Object.entries(changesOfASession)) {
      await change({ sessions }, id);
      const { revision: next = 0 } = (await sessions.get(id)) ?? {};
      expect({ name, rises: next > last }).toEqual({ name, rises: true });
      last = next;
    }
    const [listed] = (await sessions.list({ limit: 1 })).items;
    expect(listed?.revision).toBe(last);
  },

  'rises by one with an append': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    for (const count of [1, 2, 20]) {
      const before = (await sessions.get(id))?.revision ?? 0;
      const messages = Array.from({ length: count }, () => aMessage('q'));
      await sessions.append(id, messages, null);
      expect((await sessions.get(id))?.revision).toBe(before + 1);
    }
  },

  'stays with reads, leases and changes that change nothing': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q', 'a'], { title: 't' });
    const before = await sessions.get(id);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.append(id, messages, lease);
    await sessions.renewLease(lease, 60_000);
    await sessions.messages(id, { limit: 10 });
    await sessions.update(id, {});
    await sessions.update(id, { title: 't', pinned: false, removeTags: ['unknown'] });
    await sessions.update(id, { title: 'new', titleBefore: 'other' });
    await sessions.chooseVariant(id, messages[0]?.turn ?? 0, lease);
    await sessions.restore(id, at(60));
    await sessions.releaseLease(lease);
    await sessions.fork(id, aSession());
    expect(await sessions.get(id)).toEqual(before);
  },

  'begins anew in a fork': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a'], { title: 't' });
    expect((await sessions.fork(id, aSession())).revision).toBe(0);
  },

  'changes nothing if the session has another revision than expected': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a'], { title: 't', tags: ['a'] });
    const before = await sessions.get(id);
    const { revision = 0 } = before ?? {};
    const change = { title: 'new', addTags: ['b'], removeTags: ['a'] };
    for (const expectedRevision of [revision - 1, revision + 1]) {
      await expect(sessions.update(id, { ...change, expectedRevision })).rejects.toMatchObject({
        ...{ code: 'SYNAPSE_SESSION_CHANGED', revision },
      });
      expect(await sessions.get(id)).toEqual(before);
    }
    const after = await sessions.update(id, { ...change, expectedRevision: revision });
    expect(after).toMatchObject({ title: 'new', tags: ['b'], revision: revision + 1 });
  },

  'lets one of many changes through that expect the same revision': async ({ sessions }) => {
    const { id, revision } = await sessions.create(aSession());
    const changes = Array.from({ length: 8 }, (_, index) =>
      sessions.update(id, { title: `t${index}`, expectedRevision: revision }),
    );
    const results = await Promise.allSettled(changes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await sessions.get(id))?.revision).toBe(revision + 1);
  },
};
