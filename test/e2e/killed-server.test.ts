import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { setUpDouble } from '@synapse/test/support/scripted-openai';

let home: SynapseHome;
let double: ProviderDouble;
let server: ChildProcess;
beforeEach(async () => {
  home = new SynapseHome();
  double = await openProviderDouble();
  setUpDouble(home, double, '[session]\ngenerate_titles = false');
});
afterEach(async () => {
  server.kill('SIGKILL');
  await double.close();
  home.remove();
});

/** Starts the server and returns a way to ask it. */
async function serve(token: string) {
  server = home.start(['serve', '--port', '0', '--json']);
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
  const { url } = JSON.parse((await lines.next()).value as string) as { url: string };
  return async (path: string, body?: object) => {
    const reply = await fetch(url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, text: await reply.text() };
  };
}

it('has the question of a run whose server was killed, and ends the run as interrupted', async () => {
  double.script({ headers: { 'content-type': 'text/event-stream' }, steps: [{ hang: true }] });
  const scopes = ['read', 'write'].flatMap((scope) => ['--scope', scope]);
  const created = await home.run(['serve', 'tokens', 'create', 'test', ...scopes]);
  const token = created.stdout.trim();
  const ask = await serve(token);
  const [sessionId, id] = [newId(), newId()];
  await ask('/api/sessions', { id: sessionId });
  const begun = await ask(`/api/sessions/${sessionId}/runs`, { id, text: 'Is it stored?' });
  expect([begun.status, JSON.parse(begun.text)]).toMatchObject([202, { state: 'active' }]);
  server.kill('SIGKILL');
  await once(server, 'exit');

  const again = await serve(token);
  expect(JSON.parse((await again(`/api/runs/${id}`)).text)).toMatchObject({ state: 'interrupted' });
  expect((await again(`/api/runs/${id}/events`)).text).toContain('event: run-ended');
  const { text } = await again(`/api/sessions/${sessionId}/messages`);
  const { items } = JSON.parse(text) as { items: { id: string; role: string }[] };
  expect(items[0]).toMatchObject({ id, role: 'user' });
});
