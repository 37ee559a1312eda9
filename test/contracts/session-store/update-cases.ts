import { expect } from '@jest/globals';
import {
  aConversation,
  aLeaseRequest,
  aSession,
  changed,
  noon,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const updateCases: ContractCases<TestedStore> = {
  'changes what is given and leaves the rest': async ({ sessions }) => {
    const before = await sessions.create(aSession({ title: 'old', model: 'a', tags: ['x', 'y'] }));
    const change = {
      handle: 'name',
      title: null,
      provider: 'p',
      systemPrompt: 's',
      workingDirectory: '/tmp',
      pinned: true,
      archived: true,
      metadata: { n: 1 },
    };
    const after = await sessions.update(before.id, change);
    expect(after).toEqual({ ...changed(before), ...change });
    expect(await sessions.get(before.id)).toEqual(after);
  },

  'leaves the time of the last activity as it is': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    const before = await sessions.get(id);
    expect((await sessions.update(id, { title: 'new' })).updatedAt).toEqual(before?.updatedAt);
  },

  'adds and removes tags, in order and once each': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ tags: ['b', 'c'] }));
    const change = { addTags: ['z', 'a', 'b'], removeTags: ['c', 'unknown'] };
    expect((await sessions.update(id, change)).tags).toEqual(['a', 'b', 'z']);
    expect((await sessions.get(id))?.tags).toEqual(['a', 'b', 'z']);
  },

  'keeps a tag that is both removed and added': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ tags: ['a'] }));
    const change = { addTags: ['a'], removeTags: ['a'] };
    expect((await sessions.update(id, change)).tags).toEqual(['a']);
  },

  'changes nothing where the title is another by then': async ({ sessions }) => {
    const before = await sessions.create(aSession({ title: 'mine\0', tags: ['a'] }));
    const change = { title: 'new', addTags: ['b'] };
    for (const titleBefore of ['theirs', null]) {
      expect(await sessions.update(before.id, { ...change, titleBefore })).toEqual(before);
      expect(await sessions.get(before.id)).toEqual(before);
    }
    const after = await sessions.update(before.id, { ...change, titleBefore: 'mine\0' });
    expect(after).toEqual({ ...changed(before), title: 'new', tags: ['a', 'b'] });
    const untitled = await sessions.create(aSession({ title: null }));
    const named = await sessions.update(untitled.id, { title: 'first', titleBefore: null });
    expect(named.title).toBe('first');
  },

  'changes nothing with a lease that was lost': async ({ sessions }) => {
    const before = await sessions.create(aSession({ title: 'old', tags: ['a'] }));
    const first = await sessions.acquireLease(before.id, aLeaseRequest());
    const change = { title: 'new', model: 'm', pinned: true, addTags: ['b'], removeTags: ['a'] };
    expect((await sessions.update(before.id, { title: 'held' }, first)).title).toBe('held');
    const second = await sessions.acquireLease(before.id, aLeaseRequest({ takeOver: first.token }));
    for (const lost of [change, {}]) {
      await expect(sessions.update(before.id, lost, first)).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_BUSY',
      });
    }
    expect(await sessions.get(before.id)).toEqual({ ...changed(before), title: 'held' });
    expect((await sessions.update(before.id, { title: 'theirs' }, second)).title).toBe('theirs');
    // Without a lease it is a change from outside, as a list of sessions makes it.
    expect((await sessions.update(before.id, { title: 'outside' })).title).toBe('outside');
    await sessions.releaseLease(second);
    await expect(sessions.update(before.id, change, second)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_BUSY',
    });
  },

  'changes nothing when nothing is given': async ({ sessions }) => {
    const before = await sessions.create(aSession({ tags: ['a'] }));
    expect(await sessions.update(before.id, {})).toEqual(before);
  },

  'refuses a handle that a living session has, and changes nothing': async ({ sessions }) => {
    await sessions.create(aSession({ handle: 'work' }));
    const before = await sessions.create(aSession({ title: 'kept' }));
    const change = { handle: 'work', title: 'lost', addTags: ['lost'] };
    await expect(sessions.update(before.id, change)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    expect(await sessions.get(before.id)).toEqual(before);
  },

  'lets a session keep its own handle': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ handle: 'work' }));
    expect((await sessions.update(id, { handle: 'work', title: 't' })).handle).toBe('work');
  },

  'changes a session in the trash': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.trash(id, noon);
    expect((await sessions.update(id, { title: 't' })).title).toBe('t');
  },

  'rejects for an unknown id': async ({ sessions }) => {
    await expect(sessions.update('unknown', {})).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_NOT_FOUND',
    });
    await expect(sessions.update('unknown', { title: 't', addTags: ['x'] })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_NOT_FOUND',
    });
  },
};
