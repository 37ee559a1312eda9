import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { createToken, hashToken, isTokenSecret, ownToken, revokeToken } from './tokens.ts';

const now = new Date('2026-01-31T09:30:00Z');

describe('tokens', () => {
  const { tokens } = createMemoryStore();

  it('have 256 random bits, of which only the hash is stored', async () => {
    const { secret, token } = await createToken(tokens, { name: 'laptop', scopes: [], now });
    expect(isTokenSecret(secret)).toBe(true);
    expect(Buffer.from(secret.slice(4), 'base64url')).toHaveLength(32);
    expect(JSON.stringify(await tokens.list())).not.toContain(secret);
    expect(await tokens.find(hashToken(secret))).toEqual(token);
    expect(token.scopes).toEqual(['read']);
  });

  it('are revoked by name or by id, if only one is meant', async () => {
    const create = (name: string) => createToken(tokens, { name, scopes: ['write'], now });
    const phone = await create('phone');
    expect(await revokeToken(tokens, 'phone', now)).toMatchObject({ revokedAt: now });
    expect(await tokens.find(hashToken(phone.secret))).toBeUndefined();
    await expect(revokeToken(tokens, 'phone', now)).rejects.toThrow('phone');
    const { token } = await create('tablet');
    await create('tablet');
    await expect(revokeToken(tokens, 'tablet', now)).rejects.toThrow('"tablet" fits 2 tokens.');
    expect(await revokeToken(tokens, token.id, now)).toMatchObject({ id: token.id });
  });

  it.each(['', ' ', 'x'.repeat(65), 'a\nb'])('are refused with the name %j', async (name) => {
    await expect(createToken(tokens, { name, scopes: [], now })).rejects.toThrow('needs a name');
  });
});

describe('the token of this machine', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synapse-tokens-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, and kept in a file for its owner alone', async () => {
    const { tokens } = createMemoryStore();
    const file = join(folder, 'state/serve-token');
    const first = await ownToken(tokens, file, now);
    expect(first.isNew).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(`${first.secret}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await ownToken(tokens, file, now)).toEqual({ secret: first.secret, isNew: false });
    expect(await tokens.list()).toHaveLength(1);
  });

  it('also opens another database', async () => {
    const file = join(folder, 'serve-token');
    const { secret } = await ownToken(createMemoryStore().tokens, file, now);
    const { tokens } = createMemoryStore();
    expect(await ownToken(tokens, file, now)).toEqual({ secret, isNew: false });
    expect(await tokens.find(hashToken(secret))).toMatchObject({ name: 'this machine' });
  });

  it('is replaced where it was revoked, or where the file has none', async () => {
    const { tokens } = createMemoryStore();
    const file = join(folder, 'serve-token');
    const { secret } = await ownToken(tokens, file, now);
    await revokeToken(tokens, 'this machine', now);
    const second = await ownToken(tokens, file, now);
    expect(second).toMatchObject({ isNew: true });
    expect(second.secret).not.toBe(secret);
    writeFileSync(file, 'something else');
    expect(await ownToken(tokens, file, now)).toMatchObject({ isNew: true });
  });
});
