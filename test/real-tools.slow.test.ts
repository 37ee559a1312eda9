import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { pi } from './contracts/history-format/pi.ts';
import { anyHistory } from './contracts/history-format/written-history.ts';
import { itNeeds } from './support/it-needs.ts';
import { openProviderDouble, type ProviderDouble } from './support/provider-double.ts';
import { eventStream, jsonReply } from './support/replies.ts';
import { outcomeOf, SynapseHome, type Outcome } from './support/run-synapse.ts';
import { recordsOf, type Json } from './support/validators/problems.ts';
import { anthropicWire } from './support/wire/anthropic-wire.ts';
import { openAiResponsesWire } from './support/wire/openai-responses-wire.ts';
import type { ScriptedAnswer } from './support/wire/scripted-answer.ts';

// The tools are too large to be installed for every run:
//   npm install --prefix DIR @anthropic-ai/claude-code @openai/codex @google/gemini-cli opencode-ai
//   SYNAPSE_TEST_TOOLS=DIR npm run test:slow -- real-tools
const folder = process.env.SYNAPSE_TEST_TOOLS ?? '';
const programOf = (name: string) => join(folder, 'node_modules/.bin', name);
const withTool = (name: string) =>
  itNeeds(folder !== '' && existsSync(programOf(name)) ? '' : `${name} in SYNAPSE_TEST_TOOLS`);

const QUESTION = 'What does the file a.txt say?';
const THOUGHT = 'I read it.';
const CONTENT = 'hello from the file';
const ANSWER = 'It says hello.';
/** Each answer of the double costs this. */
const [INPUT_TOKENS, OUTPUT_TOKENS] = [20, 10];

interface ExportedSession {
  session: { id: string; inputTokens: number; outputTokens: number };
  messages: { role: string; parts: Record<string, unknown>[] }[];
}

describe('the tools of others', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let work: string;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    work = join(home.folder, 'work');
    mkdirSync(work);
    writeHome('work/a.txt', `${CONTENT}\n`);
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  function writeHome(path: string, text: string): void {
    mkdirSync(dirname(join(home.folder, path)), { recursive: true });
    writeFileSync(join(home.folder, path), text);
  }

  function run(name: string, args: string[], more: Record<string, string> = {}): Promise<Outcome> {
    const env = { ...home.environment, ...more };
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    return outcomeOf(spawn(programOf(name), args, { cwd: work, env, stdio: [...stdio] }));
  }

  /** Synapse run without an error, and its output as JSON. */
  async function synapse(...args: string[]): Promise<unknown> {
    const { stdout, stderr, exitCode } = await home.run(args);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    return JSON.parse(stdout);
  }

  async function onlySession(tool: string): Promise<ExportedSession> {
    const list = (await synapse('sessions', 'list', '--origin', tool, '--json')) as {
      items: { id: string }[];
    };
    expect(list.items).toHaveLength(1);
    const args = ['--format', 'json', '-o', '-'];
    const exported = await synapse('sessions', 'export', list.items[0]?.id ?? '', ...args);
    return (exported as { sessions: ExportedSession[] }).sessions[0]!;
  }

  /** Imports what the tool has written into its own places, and finds what was said there. */
  async function expectImported(tool: string, call: string, ...thoughts: string[]): Promise<void> {
    const skipped: { isDamage: boolean }[] = [];
    for (const added of [1, 0]) {
      const { items } = (await synapse('import', '--from', tool, '--again', '--json')) as {
        items: { added: number; skipped: { isDamage: boolean }[] }[];
      };
      expect(items.reduce((sum, item) => sum + item.added, 0)).toBe(added);
      skipped.push(...items.flatMap((item) => item.skipped));
    }
    expect(skipped.filter(({ isDamage }) => isDamage)).toEqual([]);
    const { session, messages } = await onlySession(tool);
    const own = messages.flatMap(({ role, parts }) =>
      parts.flatMap((part) =>
        part.type === 'raw' || part.isInjected === true
          ? []
          : `${role} ${String(part.type)}: ${String(part.text ?? part.output ?? part.name)}`,
      ),
    );
    expect(own).toEqual([
      `user text: ${QUESTION}`,
      ...thoughts.map((thought) => `assistant reasoning: ${thought}`),
      `assistant tool-call: ${call}`,
      expect.stringMatching(new RegExp(`^tool tool-result: [^]*${CONTENT}`)),
      `assistant text: ${ANSWER}`,
    ]);
    expect(session).toMatchObject({
      ...{ inputTokens: 2 * INPUT_TOKENS, outputTokens: 2 * OUTPUT_TOKENS },
    });
  }

  withTool('claude')('writes a history as Claude Code that is imported as it was', async () => {
    double.script((request) => {
      if (request.body === '') return jsonReply(200, {});
      const { messages, tools } = request.json() as Json;
      if (request.path.includes('count_tokens')) return jsonReply(200, { input_tokens: 10 });
      const unique = `msg_${double.requests.length}`;
      const reply = (answer: ScriptedAnswer) =>
        eventStream(
          ...anthropicWire(answer).map((event) => event.replaceAll('msg_double', unique)),
        );
      const hasTool = recordsOf(tools).some(({ name }) => name === 'Read');
      const isDone = JSON.stringify(messages).includes('tool_result');
      if (!hasTool || isDone) return reply({ text: [ANSWER] });
      const input = JSON.stringify({ file_path: join(work, 'a.txt') });
      const call = { id: 'toolu_1', name: 'Read', arguments: [input] };
      return reply({ reasoning: [THOUGHT], toolCalls: [call] });
    });
    const outcome = await run('claude', ['-p', QUESTION, '--allowedTools', 'Read'], {
      ...{ ANTHROPIC_BASE_URL: double.url, ANTHROPIC_API_KEY: 'key' },
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(ANSWER) });
    await expectImported('claude-code', 'Read', THOUGHT);
  });

  withTool('codex')('writes a history as Codex that is imported as it was', async () => {
    double.script((request) => {
      if (!request.path.includes('/responses')) return jsonReply(404, {});
      const unique = `$1_${double.requests.length}`;
      const reply = (answer: ScriptedAnswer) =>
        eventStream(
          ...openAiResponsesWire(answer).map((event) =>
            event.replaceAll(/(resp|msg|rs)_double/g, unique),
          ),
        );
      if (request.body.includes('function_call_output')) return reply({ text: [ANSWER] });
      const input = JSON.stringify({ cmd: 'cat a.txt' });
      const call = { id: 'call_1', name: 'exec_command', arguments: [input] };
      return reply({ reasoning: [THOUGHT], toolCalls: [call] });
    });
    writeHome(
      '.codex/config.toml',
      `model = "gpt-5"\nmodel_provider = "double"\n[model_providers.double]\nname = "double"
base_url = "${double.url}/v1"\nwire_api = "responses"\nenv_key = "DOUBLE_KEY"\n`,
    );
    const free = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
    const outcome = await run('codex', ['exec', ...free, QUESTION], { DOUBLE_KEY: 'key' });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(ANSWER) });
    await expectImported('codex', 'exec_command', THOUGHT);
  });

  withTool('gemini')('writes a history as Gemini CLI that is imported as it was', async () => {
    double.script((request) => {
      if (!request.path.includes('enerateContent')) return jsonReply(200, { totalTokens: 10 });
      const args = { file_path: join(work, 'a.txt') };
      const isDone = request.body.includes('functionResponse');
      const part = isDone ? { text: ANSWER } : { functionCall: { name: 'read_file', args } };
      const content = { role: 'model', parts: [part] };
      const reply = {
        candidates: [{ content, finishReason: 'STOP', index: 0 }],
        usageMetadata: {
          ...{ promptTokenCount: INPUT_TOKENS, candidatesTokenCount: OUTPUT_TOKENS },
          totalTokenCount: INPUT_TOKENS + OUTPUT_TOKENS,
        },
      };
      return request.path.includes('stream')
        ? eventStream(`data: ${JSON.stringify(reply)}\n\n`)
        : jsonReply(200, reply);
    });
    const auth = { selectedType: 'gemini-api-key' };
    writeHome('.gemini/settings.json', JSON.stringify({ security: { auth } }));
    const outcome = await run(
      'gemini',
      ['-p', QUESTION, '-m', 'gemini-2.5-flash', '--skip-trust'],
      {
        ...{ GEMINI_API_KEY: 'key', GOOGLE_GEMINI_BASE_URL: double.url },
      },
    );
    expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(ANSWER) });
    await expectImported('gemini-cli', 'read_file');
  });

  withTool('opencode')('imports with opencode what Synapse exports for it', async () => {
    const [history] = fc.sample(anyHistory, { seed: 4, numRuns: 1 });
    writeHome('pi/s.jsonl', String(await pi.write([{ ...history!, leftAnswer: null }])));
    await synapse('import', join(home.folder, 'pi'), '--json');
    const { session, messages } = await onlySession('pi');
    const file = join(work, 'export.json');
    await home.run(['sessions', 'export', session.id, '--format', 'opencode', '-o', file]);
    const imported = await run('opencode', ['import', file]);
    expect(imported).toMatchObject({ exitCode: 0 });
    const id = /ses_\w+/.exec(imported.stdout + imported.stderr)?.[0] ?? '';
    const { stdout } = await run('opencode', ['export', id]);
    const theirs = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      messages: { parts: { type: string; text?: string; tool?: string }[] }[];
    };
    const texts = theirs.messages.flatMap(({ parts }) =>
      parts.flatMap(({ type, text, tool }) => (type === 'tool' ? (tool ?? '') : (text ?? []))),
    );
    const ours = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => {
        if (part.type === 'tool-result') return [];
        return String(part.type === 'tool-call' ? part.name : (part.text ?? ''));
      }),
    );
    expect(texts).toEqual(ours.filter((text) => text !== ''));
  });
});
