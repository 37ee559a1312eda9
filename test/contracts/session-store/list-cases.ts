import { expect } from '@jest/globals';
import type { NewSession, SessionQuery } from '@synapse/core/store-kit';
import { aConversation, aSession, at, noon, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

async function titles({ sessions }: TestedStore, query: Partial<SessionQuery> = {}) {
  const { items } = await sessions.list({ limit: 50, ...query });
  return items.map(({ title }) => title);
}

async function createAll({ sessions }: TestedStore, given: Partial<NewSession>[]): Promise<void> {
  for (const session of given) await sessions.create(aSession(session));
}

export const listCases: ContractCases<TestedStore> = {
  'lists by the last activity, newest first': async (store) => {
    await aConversation(store, ['1', '2', '3'], { title: 'late' });
    await createAll(store, [{ title: 'early' }, { title: 'between', createdAt: at(1) }]);
    expect(await titles(store)).toEqual(['late', 'between', 'early']);
  },

  'lists whole sessions': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a'], { tags: ['b', 'a'] });
    expect((await sessions.list({ limit: 1 })).items).toEqual([await sessions.get(id)]);
  },

  'returns an empty page when there is nothing': async ({ sessions }) => {
    expect(await sessions.list({ limit: 5 })).toEqual({ items: [], nextCursor: null });
  },

  'pages through sessions of the same time without loss or repetition': async ({ sessions }) => {
    const given = Array.from({ length: 7 }, (_, index) => aSession({ createdAt: at(index % 2) }));
    for (const session of given) await sessions.create(session);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await sessions.list({ limit: 2, ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual((await sessions.list({ limit: 50 })).items.map(({ id }) => id));
    expect(new Set(seen).size).toBe(7);
  },

  'has no next page after a page that is just full': async ({ sessions }) => {
    await sessions.create(aSession());
    expect((await sessions.list({ limit: 1 })).nextCursor).toBeNull();
  },

  'goes on where a page ended though newer sessions came meanwhile': async ({ sessions }) => {
    for (const title of ['c', 'b', 'a']) await sessions.create(aSession({ title }));
    const { items, nextCursor } = await sessions.list({ limit: 1 });
    await sessions.create(aSession({ title: 'new', createdAt: at(9) }));
    const rest = await sessions.list({ limit: 5, cursor: nextCursor ?? '' });
    expect([...items, ...rest.items].map(({ title }) => title)).toEqual(['a', 'b', 'c']);
  },

  'refuses a cursor that no list has returned': async ({ sessions }) => {
    const tooLarge = Buffer.from(`${'9'.repeat(400)} x`).toString('base64url');
    const refuses = async (cursor: string) =>
      expect(sessions.list({ limit: 5, cursor })).rejects.toMatchObject({
        code: 'SYNAPSE_INVALID_DATA',
      });
    await refuses('nonsense');
    await sessions.create(aSession());
    await refuses('nonsense');
    await refuses(tooLarge);
  },

  'filters by provider, model, folder, origin, tag and pin': async (store) => {
    await createAll(store, [
      { title: 'one', provider: 'p', model: 'm', workingDirectory: '/a', tags: ['t', 'u'] },
      {
        title: 'two',
        provider: 'q',
        model: 'n',
        workingDirectory: '/a/b',
        pinned: true,
        origin: 'codex',
      },
    ]);
    expect(await titles(store, { provider: 'p' })).toEqual(['one']);
    expect(await titles(store, { model: 'n' })).toEqual(['two']);
    expect(await titles(store, { workingDirectory: '/a' })).toEqual(['one']);
    expect(await titles(store, { origin: 'codex' })).toEqual(['two']);
    expect(await titles(store, { tag: 'u' })).toEqual(['one']);
    expect(await titles(store, { pinned: true })).toEqual(['two']);
    expect(await titles(store, { pinned: false })).toEqual(['one']);
    expect(await titles(store, { provider: 'p', pinned: true })).toEqual([]);
  },

  'filters by time: since is within, before is not': async (store) => {
    await createAll(
      store,
      [1, 2, 3].map((s) => ({ title: `${s}`, createdAt: at(s) })),
    );
    expect(await titles(store, { updatedSince: at(2) })).toEqual(['3', '2']);
    expect(await titles(store, { updatedBefore: at(2) })).toEqual(['1']);
  },

  'shows archived sessions only when asked': async (store) => {
    await createAll(store, [{ title: 'there' }, { title: 'away', archived: true }]);
    expect(await titles(store)).toEqual(['there']);
    expect(await titles(store, { archived: true })).toEqual(['away']);
    expect(await titles(store, { archived: 'any' })).toHaveLength(2);
  },

  'shows sessions in the trash only when asked': async (store) => {
    await createAll(store, [{ title: 'there' }]);
    const { id } = await store.sessions.create(aSession({ title: 'away' }));
    await store.sessions.trash(id, noon);
    expect(await titles(store)).toEqual(['there']);
    expect(await titles(store, { trashed: true })).toEqual(['away']);
    expect(await titles(store, { trashed: 'any' })).toHaveLength(2);
  },

  'finds text in the handle, the title and the preview, whatever the case': async (store) => {
    await createAll(store, [{ title: 'Über 100% _sure_' }, { handle: 'a.Name', title: 'h' }]);
    await aConversation(store, ['Der ÄRGER', '\ud83d\ude00 smile'], { title: 'p' });
    expect(await titles(store, { text: 'üBER' })).toEqual(['Über 100% _sure_']);
    expect(await titles(store, { text: '0% _' })).toEqual(['Über 100% _sure_']);
    expect(await titles(store, { text: '%over' })).toEqual([]);
    expect(await titles(store, { text: 'A.NAME' })).toEqual(['h']);
    expect(await titles(store, { text: 'SMILE' })).toEqual(['p']);
    expect(await titles(store, { text: 'ärger' })).toEqual([]);
  },

  'finds text that came with a change': async (store) => {
    const { id } = await aConversation(store, ['question', 'answer'], { title: 'old' });
    await store.sessions.update(id, { title: 'Fresh' });
    expect(await titles(store, { text: 'fresh' })).toEqual(['Fresh']);
    expect(await titles(store, { text: 'old' })).toEqual([]);
    await store.sessions.undoTurn(id, null);
    expect(await titles(store, { text: 'answer' })).toEqual([]);
  },
};
