import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@synapse/core';
import {
  counts,
  fileOnDisk,
  importText,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import fc from 'fast-check';
import { findOwner } from '../companion-files.ts';
import { countHistories } from '../history-formats.ts';

const START = 1_772_359_200_000;
const FOLDER = 'saoudrizwan.claude-dev';
const FILE = 'api_conversation_history.json';

const text = (value: string): JsonObject => ({ type: 'text', text: value });
const facts = (name: string) =>
  text(
    `<environment_details>\n# Current ${name} Directory (/work/app) Files\na.ts\n</environment_details>`,
  );

/** A task whose tools are text, as in Cline up to 2025. */
const task: JsonObject[] = [
  { role: 'user', content: [text('<task>\nAdd a chart\n</task>'), facts('Working')] },
  { role: 'assistant', content: [text('<read_file>\n<path>a.ts</path>\n</read_file>')] },
  {
    role: 'user',
    content: [text("[read_file for 'a.ts'] Result:"), text('export {}'), facts('Working')],
  },
  { role: 'assistant', content: [text('Done.')] },
  {
    role: 'user',
    content: [text('[attempt_completion] Result:'), text('<feedback>\nMake it red\n</feedback>')],
  },
  { role: 'assistant', content: [text('It is red.')] },
];

const shown: JsonObject[] = [
  { ts: START + 1, type: 'say', say: 'text', text: 'Add a chart' },
  request(2, { tokensIn: 100, tokensOut: 20, cacheWrites: 50, cacheReads: 30 }),
  request(5, { tokensIn: 10, tokensOut: 2 }),
  request(8, { tokensIn: 7, tokensOut: 1 }),
];

function request(ms: number, figures: JsonObject, index?: number): JsonObject {
  const record = {
    ts: START + ms,
    type: 'say',
    say: 'api_req_started',
    text: JSON.stringify(figures),
  };
  return index === undefined ? record : { ...record, conversationHistoryIndex: index };
}

/** A session of the newer Cline, with tools of the provider. */
const session: JsonObject[] = [
  { id: 'm1', role: 'user', content: [text('Read it')] },
  {
    ...{ id: 'm2', role: 'assistant', ts: START + 10 },
    modelInfo: { id: 'claude-sonnet-4-6', provider: 'anthropic' },
    content: [
      { type: 'thinking', thinking: 'I read.' },
      { type: 'tool_use', id: 't1', name: 'read_files', input: { path: 'a' } },
    ],
  },
  {
    ...{ id: 'm3', role: 'user' },
    content: [{ type: 'tool_result', tool_use_id: 't1', content: '# A' }, text('Shorter')],
  },
  {
    ...{ id: 'm4', role: 'assistant', ts: START + 20, content: [text('A.')] },
    modelInfo: { id: 'claude-sonnet-4-6', provider: 'anthropic' },
    metrics: { inputTokens: 21, outputTokens: 8, cacheReadTokens: 3, cacheWriteTokens: 1 },
  },
];
const document = (messages: JsonValue[]) =>
  JSON.stringify({ version: 1, agent: 'lead', sessionId: 'x', messages });

const IMAGE = 'data:image/png;base64,iVBORw0KGgo=';
/** A task of which only the record of what was shown is left. */
const alone: JsonObject[] = [
  ...shown.slice(0, 2),
  { ts: START + 3, type: 'say', say: 'reasoning', text: 'I read first.' },
  { ts: START + 4, type: 'ask', ask: 'tool', text: '{"tool":"readFile","path":"a.ts"}' },
  { ts: START + 5, type: 'say', say: 'user_feedback', text: 'Red', images: [IMAGE] },
  request(6, { tokensIn: 9, tokensOut: 1, cancelReason: 'user_cancelled' }),
  { ts: START + 7, type: 'say', say: 'user_feedback', text: 'Go on' },
  request(8, {}),
  { ts: START + 9, type: 'say', say: 'completion_result', text: 'Done.' },
];

const parts = (messages: readonly { parts: readonly unknown[] }[]) =>
  messages.map((one) => one.parts);

describe('histories of Cline, Roo Code and Kilo Code', () => {
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'cline-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  async function write(path: string, value: JsonValue): Promise<string> {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  }

  it('reads a task with the times, tokens and models of the files beside it', async () => {
    const folder = `a/${FOLDER}/tasks/${START}`;
    await write(`${folder}/ui_messages.json`, shown);
    await write(`${folder}/task_metadata.json`, {
      model_usage: [
        { ts: START + 3, model_id: 'sonnet', model_provider_id: 'anthropic' },
        { ts: START + 6, model_id: 'gpt-5', model_provider_id: 'openrouter' },
      ],
    });
    const item = { id: String(START), cwdOnTaskInitialization: '/work', isFavorited: true };
    await write(`a/${FOLDER}/state/taskHistory.json`, [
      { id: '1' },
      { ...item, task: 'Add a chart' },
    ]);
    const path = join(home, folder, FILE);
    const { receipt, sessions, store } = await importText(path, JSON.stringify(task));
    expect(receipt).toMatchObject({ tool: 'cline', skipped: [] });
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m6');
    const { messages } = sessions[0]!;
    expect(sessions[0]!.session).toMatchObject({
      ...{ title: 'Add a chart', createdAt: new Date(START), workingDirectory: '/work' },
      ...{
        model: 'gpt-5',
        provider: 'openrouter',
        pinned: true,
        inputTokens: 197,
        outputTokens: 23,
      },
    });
    expect(messages.map(({ createdAt }) => +createdAt - START)).toEqual([2, 2, 5, 5, 8, 8]);
    expect(messages.map(({ model }) => model)).toEqual([
      null,
      'sonnet',
      null,
      'gpt-5',
      null,
      'gpt-5',
    ]);
    expect(messages[1]!.usage).toMatchObject({
      inputTokens: 180,
      cacheReadTokens: 30,
      cacheWriteTokens: 50,
    });
    const again = await importText(path, JSON.stringify(task), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('reads a task alone, and marks the text that the user did not write', async () => {
    const { sessions } = await importText(`/tasks/${START}/${FILE}`, JSON.stringify(task));
    const { session, messages } = sessions[0]!;
    expect(session).toMatchObject({
      ...{ title: 'Add a chart', createdAt: new Date(START), workingDirectory: '/work/app' },
    });
    const marks = messages.map((message) =>
      message.parts.map((part) => (part.type === 'text' && part.isInjected ? 'tool' : 'own')),
    );
    expect(marks.filter((_, index) => index % 2 === 0)).toEqual([
      ['own', 'tool'],
      ['tool', 'tool', 'tool'],
      ['tool', 'own'],
    ]);
  });

  it('finds the answer of a request by the place that newer versions keep', async () => {
    const folder = `b/${FOLDER}/tasks/${START}`;
    const places = [request(1, {}, -1), request(2, { tokensIn: 5, tokensOut: 1 }, 1)];
    await write(`${folder}/ui_messages.json`, [
      ...places,
      request(3, { tokensIn: 6, tokensOut: 1, cacheReads: 4, apiProtocol: 'openai' }, 1),
      request(4, { tokensIn: 9, tokensOut: 9, cancelReason: 'user_cancelled' }, 3),
    ]);
    const { sessions } = await importText(join(home, folder, FILE), JSON.stringify(task));
    const { messages } = sessions[0]!;
    expect(messages.map(({ createdAt }) => +createdAt - START)).toEqual([1, 1, 2, 2, 4, 4]);
    expect(messages.map(({ usage }) => usage?.inputTokens)).toEqual([
      ...[undefined, undefined, undefined, 11, undefined, 9],
    ]);
    expect(messages.at(-1)!.status).toBe('interrupted');
  });

  it('reads a session of the newer Cline with its calls and results', async () => {
    const folder = `sessions/${START}_ab`;
    await write(`${folder}/${START}_ab.json`, {
      ...{ version: 1, session_id: `${START}_ab`, cwd: '/work', provider: 'cline', model: 'other' },
      metadata: { title: 'Reading', fork: { forkedFromSessionId: 'y' } },
    });
    const path = join(home, folder, `${START}_ab.messages.json`);
    const { receipt, sessions, store } = await importText(path, document(session));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text Read it',
      'assistant: reasoning tool-call',
      'tool: tool-result',
      'user: text Shorter',
      'assistant: text A.',
    ]);
    expect(messages[2]!.parts).toMatchObject([{ id: 't1', name: 'read_files', output: '# A' }]);
    expect(messages[4]).toMatchObject({
      ...{ model: 'claude-sonnet-4-6', provider: 'anthropic' },
      usage: { inputTokens: 21, outputTokens: 8, cacheReadTokens: 3, cacheWriteTokens: 1 },
    });
    expect(sessions[0]!.session).toMatchObject({
      ...{ title: 'Reading', createdAt: new Date(START), workingDirectory: '/work' },
      metadata: { history: { id: `${START}_ab`, forkedFrom: 'y' } },
    });
    const copy = document([...session, { id: 'm5', role: 'user', content: 'More' }]);
    const fork = await importText(
      `/s/${START}_cd.messages.json`,
      copy.replace('"x"', '"z"'),
      store,
    );
    expect(fork.sessions[0]!.session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
  });

  it('makes an image that a tool returned part of its result', async () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    const image: JsonObject = { type: 'image', source };
    const content = [text('Saved'), image];
    const result = { type: 'tool_result', tool_use_id: 't1', content };
    const seen = { id: 'm3', role: 'user', content: [result, image, text('And mine')] };
    const records = [...session.slice(0, 2), seen];
    const { sessions } = await importText(`/s/${START}_ef.messages.json`, document(records));
    expect(outlineOf(sessions[0]!.messages).slice(2)).toEqual([
      'tool: tool-result+1',
      'user: image text And mine',
    ]);
    expect(sessions[0]!.messages[2]!.parts).toMatchObject([{ output: 'Saved' }]);
  });

  it('keeps more images than a function takes arguments', async () => {
    const images = Array.from({ length: 200_000 }, () => 'x');
    const records = [...shown.slice(0, 2), { ts: START + 9, say: 'text', text: 'Look', images }];
    const { sessions } = await importText('/1/ui_messages.json', JSON.stringify(records));
    expect(sessions[0]!.messages[1]!.parts).toHaveLength(200_001);
  });

  it('tells the tools apart by the folder, and Roo Code also by the content', async () => {
    const roo = [
      { role: 'user', ts: START, content: [text('Hi'), text('# Current Mode\n<slug>code</slug>')] },
    ];
    const toolOf = async (path: string, value: JsonValue) => {
      return (await importText(path, JSON.stringify(value))).receipt.tool;
    };
    expect(await toolOf(`/x/kilocode.kilo-code/tasks/1/${FILE}`, roo)).toBe('kilo-code');
    expect(await toolOf(`/x/rooveterinaryinc.roo-cline/tasks/1/${FILE}`, task)).toBe('roo-code');
    expect(await toolOf(`/copy/1/${FILE}`, roo)).toBe('roo-code');
    expect(await toolOf(`/copy/1/${FILE}`, task)).toBe('cline');
    await expect(toolOf('/copy/1/messages.json', task)).rejects.toThrow('No format fits');
  });

  it('reads what was shown of a task only if its messages are missing', async () => {
    const folder = `c/kilocode.kilo-code/tasks/${START}`;
    const path = join(home, folder, 'ui_messages.json');
    const { receipt, sessions, store } = await importText(path, JSON.stringify(alone));
    expect(receipt).toMatchObject({ tool: 'kilo-code', skipped: [] });
    const { session: made, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text Add a chart',
      'assistant: reasoning raw',
      'user: text image Red',
      'assistant:',
      'user: text Go on',
      'assistant: text Done.',
    ]);
    expect(made).toMatchObject({ title: 'Add a chart', inputTokens: 189, outputTokens: 21 });
    expect(made.metadata).toMatchObject({ history: { id: String(START) } });
    expect(messages[1]!.parts[1]).toMatchObject({ kind: 'tool', data: { tool: 'readFile' } });
    expect(messages.map(({ status }) => status === 'complete')).toEqual([
      ...[true, true, true, false, true, true],
    ]);
    const again = await importText(path, JSON.stringify(alone), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
    await write(`${folder}/ui_messages.json`, alone);
    expect(await countHistories(fileOnDisk(path), 'kilo-code')).toBe(1);
    await write(`${folder}/${FILE}`, task);
    expect(await countHistories(fileOnDisk(path), 'kilo-code')).toBe(0);
    const { owner } = (await findOwner(fileOnDisk(path))) ?? {};
    expect(owner).toBe(join(home, folder, FILE));
  });

  it('keeps the reasoning, the summaries and the parent task of Roo Code', async () => {
    const folder = 'rooveterinaryinc.roo-cline/tasks/0198-ab';
    await write(`${folder}/history_item.json`, {
      task: 'A part',
      workspace: '/roo',
      parentTaskId: 'p',
    });
    const records = [
      { role: 'user', ts: START + 1, content: 'Begin' },
      { role: 'assistant', ts: START + 2, type: 'reasoning', encrypted_content: 'x' },
      {
        ...{ role: 'assistant', ts: START + 3, reasoning_content: 'Deep' },
        content: [{ type: 'reasoning', text: 'I think' }, text('Yes')],
      },
      { role: 'user', ts: START + 4, content: [text('What was before')], isSummary: true },
    ];
    const { sessions } = await importText(join(home, folder, FILE), JSON.stringify(records));
    const { session: made, messages } = sessions[0]!;
    expect(made).toMatchObject({
      ...{ title: 'A part', createdAt: new Date(START + 1), workingDirectory: '/roo' },
      metadata: { history: { parentId: 'p' } },
    });
    expect(parts(messages)).toMatchObject([
      [{ text: 'Begin' }],
      [{ type: 'raw', kind: 'reasoning' }],
      [
        { type: 'reasoning', text: 'Deep' },
        { type: 'reasoning', text: 'I think' },
        { text: 'Yes' },
      ],
      [{ isInjected: true }],
    ]);
  });

  it('reports messages without a role, and a file that is cut off', async () => {
    const records = [...task.slice(0, 2), null, { role: 'robot' }, ...task.slice(2)];
    const { receipt } = await importText(`/1/${FILE}`, JSON.stringify(records));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m6');
    expect(receipt.skipped).toEqual([
      { place: 'message 3', reason: 'has no known role', isDamage: true },
      { place: 'message 4', reason: 'has no known role', isDamage: true },
    ]);
    const cut = await importText(`/1/${FILE}`, JSON.stringify(task).slice(0, -9));
    expect(cut.receipt.skipped).toMatchObject([{ place: 'file', isDamage: true }]);
  });

  it('adds the new messages of a file that has grown, and nothing twice', async () => {
    const folder = `g/${FOLDER}/tasks/${START}`;
    await write(`${folder}/ui_messages.json`, shown);
    const files = [
      [join(home, folder, FILE), task, JSON.stringify],
      ['/1/ui_messages.json', alone, JSON.stringify],
      ['/s/x.messages.json', session, document],
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(8), async ([path, all, textOf], count) => {
        const { store } = await importText(path, textOf(all.slice(0, count + 1)));
        const { sessions, receipt } = await importText(path, textOf([...all]), store);
        expect(receipt).toMatchObject({ added: 0, forked: 0 });
        const atOnce = await importText(path, textOf([...all]));
        const outlines = (one: typeof atOnce) =>
          one.sessions.map(({ messages }) => outlineOf(messages));
        expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual(outlines(atOnce));
      }),
    );
  });

  it('reads any records without an error, and the same again', async () => {
    const anyText = fc.constantFrom(
      'user',
      'assistant',
      'm1',
      't1',
      '__proto__',
      '\0',
      '\ud83d',
      '[x] Result:',
    );
    const names = [
      'role',
      'content',
      'id',
      'ts',
      'metrics',
      'modelInfo',
      'metadata',
      'say',
      'text',
      '__proto__',
    ];
    const anyRecord = fc.oneof(
      fc.constantFrom(...task, ...session, ...shown),
      fc.dictionary(fc.constantFrom(...names), fc.oneof(anyText, fc.jsonValue())),
      fc.jsonValue(),
    );
    const anyPath = fc.constantFrom(`/1/${FILE}`, '/1/ui_messages.json', '/s/x.messages.json');
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord), anyPath, async (records, path) => {
        const all = [shown[0]!, ...task.slice(0, 1), ...(records as JsonValue[])];
        const value = path.startsWith('/s') ? document(all) : JSON.stringify(all);
        const { store } = await importText(path, value);
        const { receipt } = await importText(path, value, store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0 });
      }),
    );
  });
});
