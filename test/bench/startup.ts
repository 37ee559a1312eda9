import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SynapseHome } from '../support/run-synapse.ts';
import { compare, type Measure } from './measure.ts';

const RUNS = 15;
const ANSWER = ['Hel', 'lo', ', ', 'wor', 'ld'];

/** Whole processes, from start to exit, in turn with a Node that does nothing. */
export async function benchStartup(): Promise<Measure[]> {
  const home = new SynapseHome();
  const server = await openAnswerer();
  const { port } = server.address() as AddressInfo;
  const environment = {
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
  };
  const run = (...args: string[]) => runNode(home, environment, binary, ...args);
  const bare = () => runNode(home, environment, '-e', '0');
  const oneShot = (...args: string[]) => run('-p', 'demo', ...args);
  try {
    await oneShot('hello');
    const measures: Measure[] = [];
    const rows: [figure: string, promise: string, args: string[]][] = [
      ['--version', 'at most 1.3 times', ['--version']],
      ['sessions list', 'at most 3 times', ['sessions', 'list']],
      ['one-shot, demo provider', 'at most 7 times', ['-p', 'demo', 'hello']],
      [
        'one-shot, a server on this machine',
        'at most 7 times',
        ['-p', 'openai', '-m', 'gpt-5', 'hi'],
      ],
    ];
    for (const [figure, promise, args] of rows) {
      measures.push(await compare(`synapse ${figure}`, promise, () => run(...args), bare, RUNS));
    }
    return measures;
  } finally {
    server.close();
    home.remove();
  }
}

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');

async function runNode(
  home: SynapseHome,
  environment: Record<string, string>,
  ...args: string[]
): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: home.folder,
    env: { ...home.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${complaint}`);
}

/** Answers every request at once, in the wire format of the Responses API. */
async function openAnswerer() {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (event: { type: string }) =>
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const item = { id: 'm', type: 'message', role: 'assistant', status: 'completed' };
    const content = [{ type: 'output_text', text: ANSWER.join(''), annotations: [] }];
    const id = { item_id: 'm', output_index: 0, content_index: 0 };
    send({ type: 'response.created', ...{ response: { id: 'r', status: 'in_progress' } } });
    send({
      type: 'response.output_item.added',
      ...{ output_index: 0, item: { ...item, content: [] } },
    });
    for (const delta of ANSWER) send({ type: 'response.output_text.delta', ...id, ...{ delta } });
    send({ type: 'response.output_item.done', ...{ output_index: 0, item: { ...item, content } } });
    const usage = { input_tokens: 5, output_tokens: 5, total_tokens: 10 };
    const done = { id: 'r', status: 'completed', output: [{ ...item, content }], usage };
    send({ type: 'response.completed', ...{ response: done } });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
