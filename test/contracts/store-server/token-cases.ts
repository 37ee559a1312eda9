import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import type { NewToken } from '@synapse/core/server';
import { at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

function aToken(token: Partial<NewToken> = {}): NewToken {
  const hash = createHash('sha256').update(newId()).digest('hex');
  const scopes = ['read', 'write'] as const;
  return { id: newId(), name: 'laptop\0', hash, scopes, owner: null, createdAt: noon, ...token };
}

function shown({ hash: _hash, ...token }: NewToken): object {
  return { ...token, revokedAt: null, lastUsedAt: null };
}

export const tokenCases: ContractCases<Store> = {
  'finds a token by its hash, and never shows the hash': async ({ tokens }) => {
    const token = aToken();
    expect(await tokens.create(token)).toEqual(shown(token));
    expect(await tokens.find(token.hash)).toEqual(shown(token));
    expect(await tokens.list()).toEqual([shown(token)]);
    expect(await tokens.find('0'.repeat(64))).toBeUndefined();
  },

  'refuses an id or a hash that is taken': async ({ tokens }) => {
    const token = aToken();
    await tokens.create(token);
    for (const taken of [{ id: token.id }, { hash: token.hash }]) {
      await expect(tokens.create(aToken(taken))).rejects.toMatchObject({
        code: 'SYNAPSE_TOKEN_CONFLICT',
      });
    }
    expect(await tokens.list()).toHaveLength(1);
  },

  'finds no revoked token, and lists it with the time of the first revocation': async ({
    tokens,
  }) => {
    const token = aToken();
    await tokens.create(token);
    const revoked = { ...shown(token), revokedAt: at(5) };
    expect(await tokens.revoke(token.id, at(5))).toEqual(revoked);
    expect(await tokens.revoke(token.id, at(9))).toEqual(revoked);
    expect(await tokens.find(token.hash)).toBeUndefined();
    expect(await tokens.list()).toEqual([revoked]);
    await expect(tokens.revoke(newId(), at(5))).rejects.toMatchObject({
      code: 'SYNAPSE_TOKEN_NOT_FOUND',
    });
  },

  'notes the last use, at most once a minute': async ({ tokens }) => {
    const token = aToken();
    await tokens.create(token);
    const usedAt = async (seconds: number) => {
      await tokens.used(token.id, at(seconds));
      return (await tokens.find(token.hash))?.lastUsedAt;
    };
    expect(await usedAt(1)).toEqual(at(1));
    expect(await usedAt(60)).toEqual(at(1));
    expect(await usedAt(61)).toEqual(at(61));
    await tokens.used(newId(), at(1));
  },

  'lists the oldest token first, and those of one owner only': async ({ tokens }) => {
    const second = aToken({ createdAt: at(2), owner: 'ann' });
    const first = aToken({ createdAt: at(1) });
    for (const token of [second, first]) await tokens.create(token);
    const ids = async (filter?: { owner: string | null }) =>
      (await tokens.list(filter)).map(({ id }) => id);
    expect(await ids()).toEqual([first.id, second.id]);
    expect(await ids({ owner: 'ann' })).toEqual([second.id]);
    expect(await ids({ owner: null })).toEqual([first.id]);
    expect(await tokens.find(second.hash, { owner: null })).toBeUndefined();
    expect(await tokens.find(second.hash, { owner: 'ann' })).toEqual(shown(second));
  },
};
