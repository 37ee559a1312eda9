import { expect } from '@jest/globals';
import {
  aConversation,
  aSession,
  at,
  changed,
  noon,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const trashCases: ContractCases<TestedStore> = {
  'moves to the trash and back, as active when it came back': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a'], { handle: 'work', tags: ['x'] });
    const before = await sessions.get(id);
    await sessions.trash(id, at(1));
    expect(await sessions.get(id)).toEqual({ ...changed(before), deletedAt: at(1) });
    const restored = { ...changed(before, 2), updatedAt: at(2) };
    expect(await sessions.restore(id, at(2))).toEqual(restored);
    expect(await sessions.get(id)).toEqual(restored);
  },

  'restores under a clock that is behind without making a session older': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    await sessions.trash(id, at(2));
    expect((await sessions.restore(id, at(-60))).updatedAt).toEqual(at(1));
  },

  'keeps the first time when trashed again': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.trash(id, at(1));
    await sessions.trash(id, at(2));
    expect((await sessions.get(id))?.deletedAt).toEqual(at(1));
  },

  'restores a session that is not in the trash without effect': async ({ sessions }) => {
    const before = await sessions.create(aSession({ handle: 'work' }));
    expect(await sessions.restore(before.id, at(9))).toEqual(before);
  },

  'refuses to restore when the handle was taken meanwhile': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ handle: 'work' }));
    await sessions.trash(id, noon);
    await sessions.create(aSession({ handle: 'work' }));
    await expect(sessions.restore(id, noon)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    expect((await sessions.get(id))?.deletedAt).toEqual(noon);
  },

  'rejects for an unknown id': async ({ sessions }) => {
    const expected = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
    await expect(sessions.trash('unknown', noon)).rejects.toMatchObject(expected);
    await expect(sessions.restore('unknown', noon)).rejects.toMatchObject(expected);
  },

  'purges living and trashed sessions with all their data': async ({ sessions }) => {
    const kept = await aConversation({ sessions }, ['kept']);
    const living = await aConversation({ sessions }, ['q', 'a'], { tags: ['x'], handle: 'work' });
    const trashed = await aConversation({ sessions }, ['q']);
    await sessions.trash(trashed.id, noon);
    expect(await sessions.purge([living.id, 'unknown', trashed.id, living.id])).toBe(2);
    expect(await sessions.get(living.id)).toBeUndefined();
    expect(await sessions.get(trashed.id)).toBeUndefined();
    await sessions.create(aSession({ id: living.id, handle: 'work' }));
    expect(await sessions.get(living.id)).toMatchObject({ tags: [], messageCount: 0 });
    expect(await sessions.messages(living.id, { limit: 9 })).toEqual([]);
    expect(await sessions.messages(kept.id, { limit: 9 })).toEqual(kept.messages);
  },

  'shows all of a session or nothing of it while it is purged': async ({ sessions }) => {
    const texts = Array<string>(400).fill('q');
    const { id } = await aConversation({ sessions }, texts, { handle: 'work' });
    const purge = sessions.purge([id]);
    const isThere = () =>
      sessions.messages(id, { limit: 500 }).then(
        (messages) => expect(messages).toHaveLength(texts.length),
        () => false,
      );
    while ((await isThere()) !== false);
    await sessions.create(aSession({ handle: 'work' }));
    expect(await purge).toBe(1);
  },

  'purges nothing when nothing is named': async ({ sessions }) => {
    await sessions.create(aSession());
    expect(await sessions.purge([])).toBe(0);
    expect((await sessions.list({ limit: 9 })).items).toHaveLength(1);
  },

  'purges many at once': async ({ sessions }) => {
    const ids: string[] = [];
    for (let index = 0; index < 30; index++) ids.push((await sessions.create(aSession())).id);
    expect(
      await sessions.purge([...ids, ...Array.from({ length: 2000 }, (_, n) => `no-${n}`)]),
    ).toBe(30);
  },
};
