import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { textOf } from '@synapse/core';
import { ScriptedProvider, text, turnEnd } from './fakes/scripted-provider.ts';
import { HttpTestbed } from './support/http-testbed.ts';
import { until } from './support/until.ts';
import { OpenAI } from 'openai';

type Script = ConstructorParameters<typeof ScriptedProvider>[number];

let bed: HttpTestbed;
let client: OpenAI;
let scripts: Script[];
let release: () => void;
let seen: AbortSignal | undefined;

/** Waits until the test lets it go on, or the answer is ended. */
const wait = (signal: AbortSignal) => {
  seen = signal;
  return new Promise<void>((resolve, reject) => {
    release = resolve;
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
};

beforeEach(async () => {
  scripts = [
    [text('half '), wait, text('whole'), turnEnd],
    [text('next'), turnEnd],
  ];
  seen = undefined;
  bed = await HttpTestbed.open({
    limits: { stopMs: 50 },
    changeApp: (app) => {
      const provider = new ScriptedProvider(...scripts);
      return {
        ...app,
        openModel: async () => ({
          ...(await app.openModel({ provider: 'demo', model: 'echo' })),
          provider,
        }),
      };
    },
  });
  client = new OpenAI({ apiKey: bed.token, baseURL: `${bed.url}/v1`, maxRetries: 0 });
});
afterEach(() => bed.close());

const create = () =>
  client.responses.create({ model: 'acme/one', input: 'Why?', background: true });
const statusOf = async (id: string) => (await client.responses.retrieve(id)).status;

it('a response in the background is polled until it is complete, and continued', async () => {
  const { id, status } = await create();
  expect(status).toBe('queued');
  await until(() => seen !== undefined);
  expect(await statusOf(id)).toBe('in_progress');
  const run = id.replace('resp_', '');
  expect((await bed.get(`/api/runs/${run}`)).body).toMatchObject({ state: 'active' });
  release();
  await until(async () => (await statusOf(id)) === 'completed');
  const response = await client.responses.retrieve(id);
  expect(response.output_text).toBe('half whole');
  expect(response.background).toBe(true);
  await until(async () => (await bed.store.runs.get(run))?.outcome === 'complete');
  const more = { model: 'acme/one', input: 'And?', previous_response_id: id };
  expect((await client.responses.create(more)).output_text).toBe('next');
  expect((await bed.store.sessions.list({ limit: 9 })).items).toHaveLength(1);
});

it('a client that leaves the stream of such a response ends nothing', async () => {
  const stream = await client.responses.create({
    ...{ model: 'acme/one', input: 'Why?', background: true, stream: true },
  });
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta') break;
  }
  await until(() => seen !== undefined);
  expect(seen?.aborted).toBe(false);
  release();
  await until(async () => (await statusOf(id)) === 'completed');
});

it.each(['its own call', 'the run of another server'])('it is cancelled by %s', async (way) => {
  const { id } = await create();
  await until(() => seen !== undefined);
  if (way === 'its own call') expect((await client.responses.cancel(id)).status).toBe('cancelled');
  else await bed.store.runs.requestCancel(id.replace('resp_', ''));
  await until(async () => (await statusOf(id)) === 'cancelled');
  expect((await client.responses.cancel(id)).status).toBe('cancelled');
  expect((await client.responses.retrieve(id)).output_text).toBe('half ');
});

it('it is interrupted when the server stops', async () => {
  const { id } = await create();
  await until(() => seen !== undefined);
  await bed.stop();
  const answerId = id.replace('resp_', '');
  expect(await bed.store.runs.get(answerId)).toMatchObject({ outcome: 'interrupted' });
  const [session] = (await bed.store.sessions.list({ limit: 1 })).items;
  const answer = await bed.store.sessions.message(session!.id, answerId);
  expect([answer?.status, textOf(answer!.parts)]).toEqual(['interrupted', 'half ']);
});

it('a response is deleted only from the end of its conversation', async () => {
  await bed.close();
  bed = await HttpTestbed.open();
  client = new OpenAI({ apiKey: bed.token, baseURL: `${bed.url}/v1`, maxRetries: 0 });
  const first = await client.responses.create({ model: 'demo/demo-1', input: 'One?' });
  const more = { model: 'demo/demo-1', input: 'Two?', previous_response_id: first.id };
  const second = await client.responses.create(more);
  await expect(client.responses.delete(first.id)).rejects.toMatchObject({ status: 400 });
  await client.responses.delete(second.id);
  await expect(client.responses.retrieve(second.id)).rejects.toMatchObject({ status: 404 });
  expect((await client.responses.retrieve(first.id)).status).toBe('completed');
  await client.responses.delete(first.id);
  await expect(client.responses.cancel(first.id)).rejects.toMatchObject({ status: 404 });
});

it('it needs the store, because it is fetched later', async () => {
  const request = { model: 'acme/one', input: 'Why?', background: true, store: false };
  await expect(client.responses.create(request)).rejects.toMatchObject({
    ...{ status: 400, param: 'background' },
  });
  await expect(client.responses.retrieve('resp_x')).rejects.toMatchObject({ status: 404 });
});
