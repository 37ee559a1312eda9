import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, StorageError } from '@synapse/core';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { appWith } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';

let bed: HttpTestbed;
afterEach(() => bed.close());

const hang = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

async function open(...script: ConstructorParameters<typeof ScriptedProvider>) {
  const app = await appWith(new ScriptedProvider(...script));
  const changeApp = (given: typeof app) => ({ ...given, ...app, places: given.places });
  bed = await HttpTestbed.open({ changeApp, limits: { stopMs: 60_000 } });
  return (await bed.store.sessions.create(aSession({ provider: 'demo' }))).id;
}
const start = async (sessionId: string) => {
  const reply = await bed.post(`/api/sessions/${sessionId}/runs`, { id: newId(), text: 'q' });
  return reply.body.id as unknown as string;
};
const metrics = async () => ((await bed.get('/metrics')).body as unknown as string).split('\n');
const follow = (path: string, signal?: AbortSignal) =>
  fetch(bed.url + path, {
    headers: { authorization: `Bearer ${bed.token}` },
    ...(signal && { signal }),
  });

describe('the figures of a server', () => {
  it('count runs by outcome, their tokens and their cost', async () => {
    const sessionId = await open([text('yes'), turnEnd], [text('half'), hang]);
    await bed.get(`/api/runs/${await start(sessionId)}/events`);
    const second = await start(sessionId);
    expect(await metrics()).toContain('synapse_runs_active 1');
    await bed.post(`/api/runs/${second}/cancel`, undefined);
    await bed.get(`/api/runs/${second}/events`);
    const lines = await metrics();
    expect(lines).toContain('synapse_runs_total{outcome="complete"} 1');
    expect(lines).toContain('synapse_runs_total{outcome="cancelled"} 1');
    expect(lines.filter((line) => line.startsWith('synapse_tokens_total'))).toHaveLength(2);
    expect(lines.some((line) => line.startsWith('synapse_cost_usd_total '))).toBe(true);
  });

  it('count those who follow events, and forget those who leave in the middle', async () => {
    const sessionId = await open([text('half'), hang]);
    const run = await start(sessionId);
    const gone = new AbortController();
    const streams = await Promise.all([
      follow(`/api/runs/${run}/events`, gone.signal),
      follow('/api/events?since=now', gone.signal),
    ]);
    for (const stream of streams) await stream.body!.getReader().read();
    const watchers = async (count: number) => {
      const wanted = ['run', 'changes'].map(
        (name) => `synapse_watchers{stream="${name}"} ${count}`,
      );
      for (;;) {
        const lines = await metrics();
        if (wanted.every((line) => lines.includes(line))) return;
        await setImmediate();
      }
    };
    await watchers(1);
    gone.abort();
    await watchers(0);
  });

  it('count the failures of the store, by code', async () => {
    const sessionId = await open();
    bed.store.sessions.list = async () => {
      throw new StorageError('Locked.', { reason: 'busy' });
    };
    expect((await bed.get('/api/sessions')).status).toBe(503);
    expect((await bed.get('/readyz')).status).toBe(503);
    expect((await bed.get(`/api/sessions/${sessionId}`)).status).toBe(200);
    const [line] = (await metrics()).filter((one) => one.startsWith('synapse_store_errors_total{'));
    expect(line).toMatch(/code="SYNAPSE_STORAGE_\w+"} 1$/);
  });
});

describe('a server that stops', () => {
  it('is not ready, begins nothing, and can still be read while its runs end', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const sessionId = await open([text('half'), () => finished, text(' and half'), turnEnd]);
    const run = await start(sessionId);
    expect((await bed.get('/readyz')).status).toBe(200);
    const stopped = bed.stop();
    expect((await bed.get('/readyz')).status).toBe(503);
    const refused = await bed.post(`/api/sessions/${sessionId}/runs`, { id: newId(), text: 'q' });
    expect(refused.status).toBe(503);
    expect((await bed.get(`/api/runs/${run}`)).body).toMatchObject({ state: 'active' });
    expect((await bed.get(`/api/runs/${run}/events`)).body as unknown as string).toContain(
      'event: bye',
    );
    finish();
    await stopped;
    expect(await bed.store.runs.get(run)).toMatchObject({ outcome: 'complete' });
    await expect(follow('/readyz')).rejects.toThrow();
  });
});
