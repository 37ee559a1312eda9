import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { itNeeds } from './support/it-needs.ts';
import { openProviderDouble, type ProviderDouble, type Reply } from './support/provider-double.ts';
import { jsonReply } from './support/replies.ts';
import { outcomeOf, SynapseHome, type Outcome } from './support/run-synapse.ts';
import { chatReply, setUpDouble } from './support/scripted-openai.ts';
import { recordsOf, type Json } from './support/validators/problems.ts';

// The clients are too large to be installed for every run:
//   npm install --prefix DIR @anthropic-ai/claude-code @openai/codex opencode-ai openai @anthropic-ai/sdk \
//     ai @ai-sdk/openai @ai-sdk/openai-compatible @ai-sdk/anthropic
//   SYNAPSE_TEST_TOOLS=DIR npm run test:slow -- served-clients
const folder = process.env.SYNAPSE_TEST_TOOLS ?? '';
const modules = join(folder, 'node_modules');
const withClient = (path: string) =>
  itNeeds(folder !== '' && existsSync(join(modules, path)) ? '' : `${path} in SYNAPSE_TEST_TOOLS`);

const QUESTIONS = ['What does a.txt say?', 'Are you sure about it?', 'Look at it once more.'];
const CONTENT = 'hello from the file';

interface StoredMessage {
  role: string;
  parts: { type: string; text?: string; output?: string; isInjected?: boolean }[];
}

describe('the clients of other providers, as npm has them', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let work: string;
  let server: ChildProcess;
  let url: string;
  let token: string;

  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    double.script((request) => (request.body === '' ? models() : answer(request.json())));
    setUpDouble(home, double);
    work = join(home.folder, 'work');
    writeHome('work/a.txt', `${CONTENT}\n`);
    server = home.start(['serve', '--port', '0', '--json']);
    const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
    const printed = JSON.parse((await lines.next()).value as string) as Record<string, string>;
    url = printed.url!;
    token = readFileSync(printed.tokenFile!, 'utf8').trim();
  });
  afterEach(async () => {
    const stopped = outcomeOf(server);
    server.kill('SIGTERM');
    await stopped;
    await double.close();
    home.remove();
  });

  function models(): Reply {
    return jsonReply(200, { object: 'list', data: [{ id: 'double-1', object: 'model' }] });
  }

  /** Reads the file in each turn, and then answers; says something short to a side call. */
  function answer({ messages, tools }: Json): Reply {
    const said = recordsOf(messages);
    const functions = recordsOf(tools).map((tool) => tool.function as { name: string });
    const call = functions.flatMap(({ name }) => callOf(name) ?? [])[0];
    const turn = said.filter(({ role }) => role === 'user').length;
    if (!call) return chatReply({ text: ['A short title'] });
    if (said.at(-1)?.role === 'tool') return chatReply({ text: ['It says ', `hello (${turn}).`] });
    const id = `call_${double.requests.length}`;
    return chatReply({ toolCalls: [{ ...call, id }] });
  }

  /** A call that reads the file, with this tool of a client. */
  function callOf(name: string): { name: string; arguments: string[] } | undefined {
    const path = join(work, 'a.txt');
    const inputs: Record<string, object> = {
      ...{ Read: { file_path: path }, exec_command: { cmd: 'cat a.txt' } },
      read: { filePath: path, path },
    };
    const input = inputs[name];
    return input && { name, arguments: [JSON.stringify(input)] };
  }

  function writeHome(path: string, text: string): void {
    mkdirSync(dirname(join(home.folder, path)), { recursive: true });
    writeFileSync(join(home.folder, path), text);
  }

  function run(command: string, args: string[], environment = {}, cwd = work): Promise<Outcome> {
    const env = { ...home.environment, ...environment };
    return outcomeOf(spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  async function expectAnswers(outcomes: readonly Outcome[]): Promise<void> {
    for (const { exitCode, stdout, stderr } of outcomes) {
      expect({ exitCode, stderr, stdout }).toMatchObject({
        ...{ exitCode: 0, stdout: expect.stringContaining('It says hello (') },
      });
    }
    await expectOneConversation();
  }

  /** Everything is in one session: three turns, each with a call and its result. */
  async function expectOneConversation(): Promise<void> {
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    const { items } = JSON.parse(stdout) as { items: { id: string }[] };
    expect(items).toHaveLength(1);
    const args = ['sessions', 'export', items[0]!.id, '--format', 'json', '-o', '-'];
    const exported = JSON.parse((await home.run(args)).stdout) as {
      sessions: { messages: StoredMessage[] }[];
    };
    const { messages } = exported.sessions[0]!;
    const own = messages
      .filter(({ role }) => role !== 'title' && role !== 'context')
      .flatMap(({ role, parts }) =>
        parts.flatMap(({ type, text, output, isInjected }) =>
          isInjected ? [] : [`${role} ${type}: ${text ?? output ?? ''}`],
        ),
      );
    expect(own).toEqual(
      QUESTIONS.flatMap((question) => [
        expect.stringContaining(question),
        'assistant tool-call: ',
        expect.stringContaining(CONTENT),
        expect.stringMatching(/^assistant text: It says hello \(\d+\)\.$/),
      ]),
    );
  }

  withClient('.bin/claude')('Claude Code holds a conversation of three turns', async () => {
    const environment = {
      ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: token, ANTHROPIC_MODEL: 'double-1' },
      ...{ ANTHROPIC_SMALL_FAST_MODEL: 'double-1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
    };
    const outcomes: Outcome[] = [];
    for (const question of QUESTIONS) {
      const again = outcomes.length > 0 ? ['--continue'] : [];
      const args = ['-p', ...again, question, '--allowedTools', 'Read'];
      outcomes.push(await run(join(modules, '.bin/claude'), args, environment));
    }
    await expectAnswers(outcomes);
  });

  withClient('.bin/codex')('Codex holds a conversation of three turns', async () => {
    writeHome(
      '.codex/config.toml',
      `model = "double-1"\nmodel_provider = "synapse"\n[model_providers.synapse]\nname = "Synapse"
base_url = "${url}/v1"\nwire_api = "responses"\nenv_key = "SYNAPSE_TOKEN"\n`,
    );
    const free = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
    const outcomes: Outcome[] = [];
    for (const question of QUESTIONS) {
      const again = outcomes.length > 0 ? ['resume', '--last'] : [];
      const args = ['exec', ...free, ...again, question];
      outcomes.push(await run(join(modules, '.bin/codex'), args, { SYNAPSE_TOKEN: token }));
    }
    await expectAnswers(outcomes);
  });

  withClient('.bin/opencode')('opencode holds a conversation of three turns', async () => {
    const options = { baseURL: `${url}/v1`, apiKey: token };
    const provider = {
      synapse: {
        ...{ npm: '@ai-sdk/openai-compatible', name: 'Synapse', options },
        models: { 'double-1': { name: 'double-1', tool_call: true } },
      },
    };
    writeHome('work/opencode.json', JSON.stringify({ provider, autoupdate: false }));
    const outcomes: Outcome[] = [];
    for (const question of QUESTIONS) {
      const again = outcomes.length > 0 ? ['--continue'] : [];
      const args = ['run', '-m', 'synapse/double-1', ...again, question];
      outcomes.push(await run(join(modules, '.bin/opencode'), args));
    }
    await expectAnswers(outcomes);
  });

  const sdks: [name: string, program: string, dialect: string, path: string][] = [
    ['The AI SDK', 'ai-sdk', 'chat', 'ai'],
    ['The AI SDK', 'ai-sdk', 'responses', 'ai'],
    ['The AI SDK', 'ai-sdk', 'messages', 'ai'],
    ['The SDK of OpenAI', 'openai', 'chat', 'openai'],
    ['The SDK of OpenAI', 'openai', 'responses', 'openai'],
    ['The SDK of Anthropic', 'anthropic', 'messages', '@anthropic-ai/sdk'],
  ];
  for (const [name, program, dialect, path] of sdks) {
    withClient(path)(`${name} holds a conversation of three turns by ${dialect}`, async () => {
      const file = join(process.cwd(), 'test/support/client-programs', `${program}.mjs`);
      const code = readFileSync(file, 'utf8');
      // Packages are found from the working folder of code that is no file.
      const args = ['--input-type=module', '-e', code, dialect, url, token, ...QUESTIONS];
      await expectAnswers([await run(process.execPath, args, {}, folder)]);
    });
  }
});
