import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';

let bed: HttpTestbed;
beforeEach(async () => {
  bed = await HttpTestbed.open();
});
afterEach(() => bed.close());

async function idsOfTokens(): Promise<string[]> {
  const { items } = (await bed.get('/api/tokens')).body as unknown as { items: { id: string }[] };
  return items.map(({ id }) => id);
}

describe('the tokens', () => {
  it('are listed without their secret, and the one of the request is marked', async () => {
    const other = await createToken(bed.store.tokens, ['read']);
    const { body } = await bed.get('/api/tokens');
    expect(body.items).toMatchObject([
      { name: 'test', scopes: ['read', 'write', 'tools', 'admin'], isCurrent: true },
      { name: 'test', scopes: ['read'], isCurrent: false, lastUsedAt: null, revokedAt: null },
    ]);
    expect(JSON.stringify(body)).not.toContain(other);
    expect(JSON.stringify(body)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('are revoked for good, and once', async () => {
    const token = await createToken(bed.store.tokens, ['read']);
    const [, id] = await idsOfTokens();
    const first = await bed.post(`/api/tokens/${id!}/revoke`, undefined);
    expect(first.body.revokedAt).not.toBeNull();
    expect((await bed.get('/api/sessions', { token })).status).toBe(401);
    const again = await bed.post(`/api/tokens/${id!}/revoke`, undefined);
    expect(again.body).toEqual(first.body);
    expect((await bed.post(`/api/tokens/${newId()}/revoke`, undefined)).body.code).toBe(
      'SYNAPSE_TOKEN_NOT_FOUND',
    );
  });

  it('may revoke themselves, but need "admin" for another one and for the list', async () => {
    const token = await createToken(bed.store.tokens, ['read', 'write', 'tools']);
    const [first, own] = await idsOfTokens();
    const revoke = (id: string) => bed.post(`/api/tokens/${id}/revoke`, undefined, { token });
    expect((await bed.get('/api/tokens', { token })).status).toBe(403);
    expect((await revoke(first!)).status).toBe(403);
    expect((await revoke(own!)).body).toMatchObject({ id: own!, isCurrent: true });
    expect((await revoke(own!)).status).toBe(401);
    expect((await bed.get('/api/server')).status).toBe(200);
  });
});
