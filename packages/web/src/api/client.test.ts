import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isOnline } from '../state/is-online.ts';
import { token } from '../state/token.ts';
import { get } from './client.ts';

describe('a token that the server refuses', () => {
  const { fetch } = globalThis;
  let refuse: () => void;
  beforeEach(() => {
    globalThis.fetch = () =>
      new Promise((resolve) => {
        refuse = () => resolve(new Response('{"detail":"Revoked."}', { status: 401 }));
      });
    token.value = 'syn_old';
  });
  afterEach(() => {
    globalThis.fetch = fetch;
    token.value = null;
  });

  it('is forgotten, so that the page asks for another one', async () => {
    const reply = get('/api/sessions');
    refuse();
    await expect(reply).rejects.toThrow('Revoked.');
    expect(token.value).toBeNull();
  });

  it('does not take the token with it that came meanwhile', async () => {
    const reply = get('/api/sessions');
    token.value = 'syn_new';
    refuse();
    await expect(reply).rejects.toThrow('Revoked.');
    expect(token.value).toBe('syn_new');
  });
});

it('takes the server for reachable after any reply, also without a stream', async () => {
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.resolve(Response.json({}));
  isOnline.value = false;
  await get('/api/sessions');
  globalThis.fetch = fetch;
  expect(isOnline.value).toBe(true);
});
