import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { aToken, Served } from '@synapse/test/support/served';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

let home: SynapseHome;
let double: ProviderDouble;
let server: Served;
beforeEach(async () => {
  home = new SynapseHome();
  double = await openProviderDouble();
  const settings = '[session]\ngenerate_titles = false\n[serve]\nstop_timeout = 1';
  setUpDouble(home, double, settings);
});
afterEach(async () => {
  await server.end('SIGKILL');
  await double.close();
  home.remove();
});

it('tells readers goodbye, stores what hangs as interrupted, and releases the session', async () => {
  const half = openAiChatWire({ text: ['half'] })
    .slice(0, 2)
    .join('');
  double.script(streamOf([{ send: half }, { hang: true }]), chatReply({ text: ['whole'] }));
  const token = await aToken(home, ['read', 'write']);
  server = await Served.start(home, token);
  const sessionId = newId();
  await server.ask('/api/sessions', { id: sessionId });
  const runs = `/api/sessions/${sessionId}/runs`;
  const id = newId();
  await server.ask(runs, { id, text: 'Does it end?' });
  await server.read(`/api/runs/${id}/events`, 'half');
  const following = server.ask(`/api/runs/${id}/events`);
  const changes = server.ask('/api/events?since=now');
  expect(await server.end('SIGTERM')).toBe(0);
  for (const { text } of await Promise.all([following, changes])) {
    expect(text).toMatch(/event: bye\ndata: \{\}\n\n$/);
  }

  server = await Served.start(home, token);
  expect((await server.ask(`/api/runs/${id}`)).body).toMatchObject({ state: 'interrupted' });
  const { items } = (await server.ask(`/api/sessions/${sessionId}/messages`)).body;
  expect(items).toMatchObject([
    { id, role: 'user' },
    { role: 'assistant', status: 'interrupted', parts: [{ text: 'half' }] },
  ]);
  const next = newId();
  expect((await server.ask(runs, { id: next, text: 'Again?' })).status).toBe(202);
  expect((await server.ask(`/api/runs/${next}/events`)).text).toContain('whole');
});
