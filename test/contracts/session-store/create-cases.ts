import { expect } from '@jest/globals';
import { emptySession } from '@synapse/core';
import { aSession, noon, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const createCases: ContractCases<TestedStore> = {
  'returns what was created, with everything unsaid empty': async ({ sessions }) => {
    const given = aSession();
    expect(await sessions.create(given)).toEqual(emptySession(given));
  },

  'gets what was created': async ({ sessions }) => {
    const given = aSession({
      handle: 'café/plan',
      title: 'A plan',
      provider: 'anthropic',
      model: 'a-model',
      systemPrompt: 'Be brief.\r\n',
      workingDirectory: 'C:\\work\\ü',
      pinned: true,
      archived: true,
      tags: ['b', 'a', 'b'],
      forkedFrom: { sessionId: 'elsewhere', messageId: null },
      owner: 'me',
      metadata: { deep: [1, { er: null }], '': false },
    });
    await sessions.create(given);
    const stored = await sessions.get(given.id);
    expect(stored).toEqual({ ...emptySession(given), tags: ['a', 'b'] });
  },

  'keeps times to the millisecond': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ createdAt: new Date(1) }));
    expect((await sessions.get(id))?.createdAt.getTime()).toBe(1);
  },

  'returns undefined for an unknown id': async ({ sessions }) => {
    expect(await sessions.get('unknown')).toBeUndefined();
  },

  'refuses an id that is taken, and changes nothing': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ title: 'first' }));
    await expect(sessions.create(aSession({ id, title: 'second' }))).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    expect((await sessions.get(id))?.title).toBe('first');
  },

  'refuses a handle that a living session has, and creates nothing': async ({ sessions }) => {
    await sessions.create(aSession({ handle: 'work' }));
    const second = aSession({ handle: 'work', tags: ['x'] });
    await expect(sessions.create(second)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
      message: 'Another session has the name "work".',
    });
    expect(await sessions.get(second.id)).toBeUndefined();
  },

  'lets a handle be used again when its session is in the trash': async ({ sessions }) => {
    const first = await sessions.create(aSession({ handle: 'work' }));
    await sessions.trash(first.id, noon);
    expect((await sessions.create(aSession({ handle: 'work' }))).handle).toBe('work');
  },

  'returns copies': async ({ sessions }) => {
    const given = aSession({ tags: ['a'], metadata: { list: [1] } });
    const created = await sessions.create(given);
    created.tags.push('b');
    created.createdAt.setTime(0);
    (given.metadata?.list as number[]).push(2);
    const stored = await sessions.get(given.id);
    expect(stored).toMatchObject({ tags: ['a'], createdAt: noon, metadata: { list: [1] } });
    stored?.tags.push('c');
    expect((await sessions.get(given.id))?.tags).toEqual(['a']);
  },
};
