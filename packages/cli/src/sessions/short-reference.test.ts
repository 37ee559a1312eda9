import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/core';
import { shortReferenceTo } from './short-reference.ts';

const ids = ['0192aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa', '0192aaaa-aaaa-7abb-8aaa-aaaaaaaaaaaa'];

describe('shortReferenceTo', () => {
  it('is the name, or as much of the id as tells it from the others', async () => {
    const { sessions } = createMemoryStore();
    for (const id of ids) await sessions.create({ id, createdAt: new Date() });
    const [first = '', second = ''] = ids;
    expect(await shortReferenceTo({ handle: 'work', id: first }, sessions)).toBe('work');
    expect(await shortReferenceTo({ handle: null, id: first }, sessions)).toBe(first.slice(0, 17));
    expect(await shortReferenceTo({ handle: null, id: second }, sessions)).toBe(
      second.slice(0, 17),
    );
  });

  it('is the whole id where the store fails', async () => {
    const [id = ''] = ids;
    const sessions = { find: () => Promise.reject(new Error('gone')) };
    expect(await shortReferenceTo({ handle: null, id }, sessions)).toBe(id);
  });
});
