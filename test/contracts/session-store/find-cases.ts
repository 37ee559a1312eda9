import { expect } from '@jest/globals';
import { aSession, at, noon, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const id = (start: string) => `${start}-0000-7000-8000-000000000000`;

async function found({ sessions }: TestedStore, reference: string): Promise<string[]> {
  return (await sessions.find(reference)).map((session) => session.id);
}

export const findCases: ContractCases<TestedStore> = {
  'finds by the id, the handle, the beginning of an id and the title': async (store) => {
    const given = aSession({ id: id('01234567'), handle: 'work', title: 'A plan' });
    await store.sessions.create(given);
    for (const reference of [given.id, 'work', '0123', 'A plan']) {
      expect(await found(store, reference)).toEqual([given.id]);
    }
  },

  'finds nothing by less than four characters of an id, part of a title or another case': async (
    store,
  ) => {
    await store.sessions.create(aSession({ id: id('01234567'), handle: 'work', title: 'A plan' }));
    for (const reference of ['012', 'A pla', 'a plan', 'Work', '', '%', '____']) {
      expect(await found(store, reference)).toEqual([]);
    }
  },

  'goes by the first rule that fits': async (store) => {
    const byTitle = aSession({ id: id('aaaa0000'), title: 'bbbb' });
    const byPrefix = aSession({ id: id('bbbb0000'), title: 'cafe' });
    const byHandle = aSession({ id: id('cccc0000'), handle: 'bbbb' });
    await store.sessions.create(byTitle);
    expect(await found(store, 'bbbb')).toEqual([byTitle.id]);
    await store.sessions.create(byPrefix);
    expect(await found(store, 'bbbb')).toEqual([byPrefix.id]);
    await store.sessions.create(byHandle);
    expect(await found(store, 'bbbb')).toEqual([byHandle.id]);
    await store.sessions.create(aSession({ id: id('dddd0000'), handle: byTitle.id }));
    expect(await found(store, byTitle.id)).toEqual([byTitle.id]);
  },

  'finds at most ten, newest first': async (store) => {
    const given = Array.from({ length: 12 }, (_, index) =>
      aSession({ title: 'same', createdAt: at(index) }),
    );
    for (const session of given) await store.sessions.create(session);
    const newest = given.map((session) => session.id).reverse();
    expect(await found(store, 'same')).toEqual(newest.slice(0, 10));
  },

  'hides sessions in the trash behind living ones': async (store) => {
    const old = aSession({ id: id('aaaa0000'), handle: 'work', title: 'same' });
    const living = aSession({ id: id('aaaa1111'), title: 'same' });
    await store.sessions.create(old);
    await store.sessions.trash(old.id, noon);
    expect(await found(store, 'work')).toEqual([old.id]);
    expect(await found(store, 'aaaa')).toEqual([old.id]);
    await store.sessions.create(living);
    expect(await found(store, 'aaaa')).toEqual([living.id]);
    expect(await found(store, 'same')).toEqual([living.id]);
    expect(await found(store, old.id)).toEqual([old.id]);
  },

  'finds several in the trash': async (store) => {
    for (const createdAt of [at(1), at(2)]) {
      const session = await store.sessions.create(aSession({ handle: 'work', createdAt }));
      await store.sessions.trash(session.id, noon);
    }
    expect(await found(store, 'work')).toHaveLength(2);
  },
};
