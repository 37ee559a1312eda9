import { describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { shortReferenceTo } from './short-reference.ts';

const ids = ['0192aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa', '0192aaaa-aaaa-7abb-8aaa-aaaaaaaaaaaa'];

describe('shortReferenceTo', () => {
  it('is the name, or the shortest unambiguous prefix of the id', async () => {
    const { sessions } = createMemoryStore();
    for (const id of ids) await sessions.create({ id, createdAt: new Date() });
    const [first = '', second = ''] = ids;
    expect(await shortReferenceTo({ handle: 'work', id: first }, sessions)).toBe('work');
    expect(await shortReferenceTo({ handle: null, id: first }, sessions)).toBe(first.slice(0, 17));
    expect(await shortReferenceTo({ handle: null, id: second }, sessions)).toBe(
      second.slice(0, 17),
    );
  });

  it('finds each of thousands of sessions created in one minute, even after more were added', async () => {
    const { sessions } = createMemoryStore();
    const references: [string, string][] = [];
    const startMs = Date.now();
    for (let index = 0; index < 2000; index += 1) {
      const createdAt = new Date(startMs + index * 30);
      const { id } = await sessions.create({ id: newId(createdAt.getTime()), createdAt });
      references.push([id, await shortReferenceTo({ handle: null, id }, sessions)]);
    }
    for (const [id, reference] of references) {
      expect(reference.length).toBeLessThan(id.length);
      expect((await sessions.find(reference)).map((session) => session.id)).toEqual([id]);
    }
  });

  it('is the whole id if the store fails', async () => {
    const [id = ''] = ids;
    const sessions = { find: () => Promise.reject(new Error('gone')) };
    expect(await shortReferenceTo({ handle: null, id }, sessions)).toBe(id);
  });
});
