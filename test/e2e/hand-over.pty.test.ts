import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

let home: SynapseHome;
let double: ProviderDouble;
let server: ChildProcess | undefined;
let screen: PtyScreen | undefined;
beforeEach(async () => {
  home = new SynapseHome();
  double = await openProviderDouble();
  setUpDouble(home, double, '[session]\ngenerate_titles = false');
});
afterEach(async () => {
  screen?.kill('SIGKILL');
  server?.kill('SIGKILL');
  await double.close();
  home.remove();
});

async function serve() {
  const scopes = ['read', 'write'].flatMap((scope) => ['--scope', scope]);
  const token = (await home.run(['serve', 'tokens', 'create', 'test', ...scopes])).stdout.trim();
  server = home.start(['serve', '--port', '0', '--json']);
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
  const { url } = JSON.parse((await lines.next()).value as string) as { url: string };
  const request = (path: string, body?: object) =>
    fetch(url + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const ask = async (path: string, body?: object) => {
    const reply = await request(path, body);
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  return { request, ask };
}

function openRepl(...words: string[]): PtyScreen {
  return (screen = openPtyScreen({
    file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
    arguments: ['--raw', ...words],
    ...{ columns: 100, rows: 30, environment: home.environment },
  }));
}
const says = (words: string) => (lines: readonly string[]) => lines.join('\n').includes(words);

/** A terminal that has asked the first of three questions, and a server on the same store. */
async function openBoth() {
  double.script(
    chatReply({ text: ['first answer'] }),
    chatReply({ text: ['second answer'] }),
    chatReply({ text: ['third answer'] }),
  );
  const repl = openRepl('-s', 'plan');
  await repl.until(says('· plan'));
  repl.type('one\r');
  await repl.until(says('first answer'));
  const { ask, request } = await serve();
  const { items } = (await ask('/api/sessions?limit=1')).body as { items: { id: string }[] };
  return { repl, ask, request, session: `/api/sessions/${items[0]?.id}` };
}

it('goes from a terminal to a server, and back when the user types again', async () => {
  const { repl, ask, request, session } = await openBoth();
  const runs = `${session}/runs`;
  const id = newId();
  expect(await ask(runs, { id, text: 'two' })).toMatchObject({ status: 409 });
  expect((await ask(runs, { id, text: 'two', waitSeconds: 60 })).status).toBe(202);
  await repl.until(says('continues in another process'));
  await repl.until(says('elsewhere · plan'));
  expect(await (await request(`/api/runs/${id}/events`)).text()).toContain('second answer');

  repl.type('three\r');
  await repl.until(says('third answer'));
  const shown = repl.lines().join('\n');
  for (const text of ['added by the other process', '> two', 'second answer']) {
    expect(shown).toContain(text);
  }
  expect((await ask(runs, { id: newId(), text: 'four' })).status).toBe(409);
  expect(JSON.stringify(double.requests.at(-1)?.body)).toContain('second answer');
});

it('leaves a turn of the server when the terminal edits an earlier question meanwhile', async () => {
  const { repl, ask, request, session } = await openBoth();
  repl.type('/edit\r');
  const id = newId();
  expect((await ask(`${session}/runs`, { id, text: 'two', waitSeconds: 60 })).status).toBe(202);
  await repl.until(says('continues in another process'));
  await (await request(`/api/runs/${id}/events`)).text();
  repl.type('!\r');
  await repl.until(says('third answer'));
  expect(repl.lines().join('\n')).toContain('asked as a new question');
  const { messages } = double.requests.at(-1)?.json() as { messages: unknown };
  expect(JSON.stringify(messages)).toMatch(/one.*first answer.*two.*second answer.*one!/);
});

it('shows the answer of a terminal to those who follow the changes while it streams', async () => {
  const answer = Array.from({ length: 20 }, (_, index) => `word${index} `);
  const [first = '', ...events] = openAiChatWire({ text: answer });
  const gates = events.map(() => openGate());
  const steps = events.flatMap((event, index) => [{ wait: gates[index]!.wait }, { send: event }]);
  double.script(streamOf([{ send: first }, ...steps]));
  const { ask, request } = await serve();
  const { body: created } = await ask('/api/sessions', { id: newId(), handle: 'live' });
  const path = `/api/sessions/${String(created.id)}/messages`;
  const stream = await request('/api/events?since=now');
  const asked = home.run(['-s', 'live', 'ask']);
  const isComplete = (text: string) => text.includes(answer.at(-1)!);
  const seen: string[] = [];
  const ticking = (async () => {
    while (double.requests.length === 0) await setTimeout(10);
    // An answer is stored about once a second while its text arrives.
    for (const { open } of gates.slice(0, 15)) {
      await setTimeout(100);
      open();
    }
  })();
  for await (const piece of stream.body as AsyncIterable<Uint8Array>) {
    if (!new TextDecoder().decode(piece).includes(String(created.id))) continue;
    seen.push(JSON.stringify((await ask(path)).body));
    if (seen.some((text) => text.includes('word0'))) {
      for (const { open } of gates) open();
    }
    if (isComplete(seen.at(-1)!)) break;
  }
  await ticking;
  expect(seen.some((text) => text.includes('word0') && !isComplete(text))).toBe(true);
  expect((await asked).exitCode).toBe(0);
});

function openGate(): { wait: Promise<unknown>; open: () => void } {
  let open: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
}
