import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyStoredSession, storeSample } from '@synapse/test/support/arbitraries/stored-sessions';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import { aMessage, anAnswer, aSession, at } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { createAtifFormat } from '../../atif-format.ts';
import { exportSessions } from '../../export-sessions.ts';
import { asRecord, listIn, recordIn, textIn, timeIn, without } from '../json-values.ts';

function trajectory(steps: JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    ...{ schema_version: 'ATIF-v1.6', session_id: 't1' },
    agent: { name: 'other', version: '1', model_name: 'gpt-5' },
    steps: steps.map((step, index) => ({
      ...{ step_id: index + 1, timestamp: at(index).toISOString() },
      ...step,
    })),
    ...more,
  };
}

const bring = (record: JsonObject, store?: Store) =>
  importText('run.json', JSON.stringify(record, null, 2), store);

const prompt = { source: 'user', message: 'List the files' };
const work = {
  ...{ source: 'agent', message: 'I look.', reasoning_content: 'Hm.', model_name: 'gpt-5-mini' },
  tool_calls: [
    { tool_call_id: 'c1', function_name: 'list', arguments: { path: '.' } },
    { tool_call_id: 'c2', function_name: 'read', arguments: { path: 'a' } },
  ],
  observation: {
    results: [
      { source_call_id: 'c2', content: 'text of a' },
      { source_call_id: 'c1', content: [{ type: 'text', text: 'a' }] },
    ],
  },
  metrics: { prompt_tokens: 9, completion_tokens: 4, cached_tokens: 2, cost_usd: 0.1 },
};
const answer = { source: 'agent', message: 'One: a' };

async function exported(store: Store, id: string): Promise<JsonObject> {
  const session = (await store.sessions.get(id))!;
  let text = '';
  const format = createAtifFormat({ version: '1.2.3' });
  for await (const piece of exportSessions(store, [session], { format })) text += piece;
  return JSON.parse(text) as JsonObject;
}

/** Without ids, and with everything that a history keeps in one form. */
function comparable(record: JsonObject, steps: readonly JsonObject[]): object[] {
  const model = textIn(recordIn(record, 'agent'), 'model_name');
  return listIn(record, 'steps').map((value, index) => {
    const step = asRecord(value);
    const isAnswer = steps[index]?.llm_call_count === 1;
    const extra = recordIn(step, 'extra');
    const metrics = without(recordIn(step, 'metrics'), 'cost_usd');
    const results = listIn(recordIn(step, 'observation'), 'results');
    const isCounted = Boolean(metrics.prompt_tokens) || Boolean(metrics.completion_tokens);
    return {
      source: step.source,
      // Halves of pairs meet where texts are joined.
      text: JSON.stringify(textsOf(step.message).join('')).replaceAll(
        /\\n|\\ud[89a-f]..|\ufffd/g,
        '',
      ),
      images: listIn(step, 'message').filter((part) => asRecord(part).type === 'image'),
      reasoning: step.reasoning_content,
      calls: step.tool_calls,
      results: results.map((result) => JSON.stringify(result)).sort(),
      model: step.source === 'agent' ? (step.model_name ?? model) : undefined,
      provider: isAnswer ? extra.provider : undefined,
      metrics: isCounted ? metrics : {},
    };
  });
}

function textsOf(message: unknown): string[] {
  if (typeof message === 'string') return [message];
  return Array.isArray(message)
    ? message.map((part) => textIn(asRecord(part as JsonObject), 'text') ?? '')
    : [];
}

describe('an import of ATIF', () => {
  it('brings what Synapse exports back whole', async () => {
    await fc.assert(
      fc.asyncProperty(anyStoredSession, async (sample) => {
        const store = createMemoryStore();
        const messages = sample.messages.map((message) => ({
          ...message,
          // An attachment of a result comes back beside it.
          parts: message.parts.map((part) =>
            part.type === 'tool-result' ? { ...part, attachments: [] } : part,
          ),
        }));
        const before = await exported(store, await storeSample(store, { ...sample, messages }));
        const { sessions, receipt, store: imported } = await bring(before);
        expect(receipt.skipped.filter((one) => one.isDamage)).toEqual([]);
        const steps = listIn(before, 'steps').map(asRecord);
        const isEmpty = steps.every((step) => step.source === 'system');
        expect(sessions).toHaveLength(isEmpty ? 0 : 1);
        if (isEmpty) return;
        const { session, messages: brought } = sessions[0]!;
        const after = await exported(imported, session.id);
        expect(comparable(after, steps)).toEqual(comparable(before, steps));
        const times = listIn(after, 'steps').map((step) => asRecord(step).timestamp);
        for (const [index, step] of steps.entries()) {
          if (timeIn(step, 'timestamp') && index > 0) expect(times[index]).toBe(step.timestamp);
        }
        const { title, working_directory: directory } = recordIn(before, 'extra');
        if (title !== null) expect(session.title).toBe(title);
        expect(session.workingDirectory).toBe(directory);
        expect(brought.length).toBeGreaterThan(0);
      }),
    );
  });

  it('keeps messages, times, models, tokens, calls and results', async () => {
    const system = { source: 'system', message: 'Be short.' };
    const record = trajectory([system, prompt, work, answer], {
      ...{ notes: 'a run', final_metrics: { total_cost_usd: 0.1 } },
      extra: { cwd: '/work' },
    });
    const { sessions, receipt } = await bring(record);
    expect(receipt.skipped).toEqual([]);
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text List the files',
      'assistant: reasoning text tool-call tool-call I look.',
      'tool: tool-result tool-result',
      'assistant: text One: a',
    ]);
    expect(messages.map(({ model, createdAt }) => [model, createdAt])).toEqual([
      [null, at(1)],
      ['gpt-5-mini', at(2)],
      [null, at(2)],
      ['gpt-5', at(3)],
    ]);
    expect(messages[1]!.usage).toMatchObject({
      ...{ inputTokens: 9, outputTokens: 4, cacheReadTokens: 2, estimated: false },
    });
    expect(messages[2]!.parts).toEqual([
      { type: 'tool-result', id: 'c2', name: 'read', output: 'text of a', isError: false },
      { type: 'tool-result', id: 'c1', name: 'list', output: 'a', isError: false },
    ]);
    expect(session).toMatchObject({
      ...{ title: 'List the files', systemPrompt: 'Be short.', workingDirectory: '/work' },
      ...{ model: 'gpt-5', origin: 'atif', createdAt: at(0) },
      metadata: { history: { id: 't1', notes: 'a run', final_metrics: { total_cost_usd: 0.1 } } },
    });
  });

  it('brings the state, the error and the invalid arguments of an answer of Synapse', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession({ title: 'My title' }));
    const call = {
      type: 'tool-call',
      id: 'c',
      name: 'list',
      input: {},
      invalidInput: '{"a',
    } as const;
    const failed = anAnswer('', {
      ...{ parts: [call], status: 'failed', error: { code: 'overloaded', message: 'Try later.' } },
    });
    await store.sessions.append(id, [aMessage('Q'), failed, aMessage('And?')], null);
    const { sessions } = await bring(await exported(store, id));
    const { session, messages } = sessions[0]!;
    expect(session.title).toBe('My title');
    expect(messages[1]).toMatchObject({ status: 'interrupted', parts: [call, { kind: 'error' }] });
  });

  it('keeps images with their bytes, and what else a step has as it is', async () => {
    const source = { media_type: 'image/png', path: 'data:image/png;base64,AQID' };
    const image = { type: 'image', source };
    const far = { type: 'image', source: { media_type: 'image/png', path: 'images/1.png' } };
    const reference = [{ trajectory_id: 's1' }];
    const record = trajectory([
      { source: 'user', message: [{ type: 'text', text: 'Look' }, image, far] },
      {
        ...{ source: 'agent', message: '', extra: { hint: 1 }, metrics: { logprobs: [0.5] } },
        tool_calls: [{ tool_call_id: 'c', function_name: 'see', arguments: {}, extra: { a: 1 } }],
        observation: {
          results: [
            {
              ...{ source_call_id: 'c', content: [image], subagent_trajectory_ref: reference },
              extra: { is_error: true, code: 2 },
            },
          ],
        },
      },
    ]);
    const { sessions, store } = await bring(record);
    const [first, second, third] = sessions[0]!.messages.map(({ parts }) => parts);
    expect(first).toMatchObject([{ type: 'text' }, { type: 'image' }, { type: 'raw', data: far }]);
    const { sha256 } = (first![1] as { attachment: { sha256: string } }).attachment;
    expect(await store.attachments.get(sha256)).toEqual(new Uint8Array([1, 2, 3]));
    expect(second).toEqual([
      { type: 'tool-call', id: 'c', name: 'see', input: {} },
      { type: 'raw', kind: 'tool_call', data: { tool_call_id: 'c', extra: { a: 1 } } },
      { type: 'raw', kind: 'extra', data: { hint: 1 } },
      { type: 'raw', kind: 'metrics', data: { logprobs: [0.5] } },
    ]);
    expect(third).toMatchObject([
      {
        ...{ type: 'tool-result', id: 'c', name: 'see', output: '', isError: true },
        attachments: [{ sha256 }],
      },
      { kind: 'subagent_trajectory_ref', data: reference },
      { kind: 'extra', data: { code: 2 } },
    ]);
  });

  it('reads files that other programs write against the rules', async () => {
    const record = trajectory(
      [
        { source: 'user', message: 'Q' },
        { source: 'system', observation: { results: [{ source_call_id: 'x', content: 'early' }] } },
        {
          ...{ source: 'assistant', content: 'A' },
          tool_calls: [
            { id: 'x', name: 'get', arguments: '{"a":1}' },
            { id: 'y', function: { name: 'put', arguments: '{}' } },
          ],
        },
        {
          ...{
            source: 'agent',
            message: null,
            tool_calls: [{ function_name: 'do', arguments: {} }],
          },
          observation: { results: [{ output: 'done' }] },
        },
        { source: 'system', message: 'Time is short.' },
        {
          ...{ source: 'agent', tool_calls: [{ id: 'x', name: 'again', arguments: {} }] },
          observation: { results: [{ source_call_id: 'x', content: 'once more' }] },
        },
      ],
      { schema_version: '1.4', agent: 'mine' },
    );
    const { sessions, receipt } = await bring(record);
    expect(receipt.skipped).toEqual([]);
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text Q',
      'assistant: text tool-call tool-call A',
      'tool: tool-result',
      'assistant: tool-call',
      'tool: tool-result',
      'user: text Time is short.',
      'assistant: tool-call',
      'tool: tool-result',
    ]);
    expect(messages[1]!.parts.slice(1)).toEqual([
      { type: 'tool-call', id: 'x', name: 'get', input: { a: 1 } },
      { type: 'tool-call', id: 'y', name: 'put', input: {} },
    ]);
    expect(messages[2]!.parts).toMatchObject([{ id: 'x', name: 'get', output: 'early' }]);
    expect(messages[4]!.parts).toMatchObject([
      { id: (messages[3]!.parts[0] as { id: string }).id, name: 'do', output: 'done' },
    ]);
    expect(messages[5]!.parts).toMatchObject([{ isInjected: true }]);
    expect(messages[7]!.parts).toMatchObject([{ id: 'x', name: 'again', output: 'once more' }]);
  });

  it('makes a session of each subagent, also of those that subagents started', async () => {
    const inner = trajectory([prompt], { trajectory_id: 's2', session_id: 't1' });
    const middle = trajectory([prompt, answer], {
      session_id: 't1',
      subagent_trajectories: [inner],
    });
    const record = trajectory([prompt, answer], { subagent_trajectories: [middle] });
    const { sessions, receipt } = await bring(record);
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m5');
    const sources = sessions.map(({ session }) => recordIn(session.metadata, 'history'));
    expect(sources.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['t1', undefined],
      ['t1 subagent 1', 't1'],
      ['s2', 't1 subagent 1'],
    ]);
  });

  it('counts no tokens of steps that were copied from another trajectory', async () => {
    const { sessions } = await bring(
      trajectory([
        prompt,
        { ...work, is_copied_context: true },
        { ...answer, metrics: work.metrics },
      ]),
    );
    expect(sessions[0]!.messages.map(({ usage }) => usage?.inputTokens ?? null)).toEqual([
      ...[null, null, null, 9],
    ]);
  });

  it('changes nothing at a second import, and adds the steps that are new', async () => {
    const { store } = await bring(trajectory([prompt, work]));
    const again = await bring(trajectory([prompt, work]), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
    const grown = await bring(trajectory([prompt, work, answer]), store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =0 m1');
  });

  it('reports what is no step, a trajectory without messages, and a cut file', async () => {
    const record = trajectory([prompt, { message: 'whose?' }]);
    const empty = trajectory([{ source: 'system', message: 'Be short.' }], { session_id: 't2' });
    const text = `[${JSON.stringify(record)}, ${JSON.stringify(empty)}, {"schema_vers`;
    const { receipt } = await importText('runs.json', text);
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m1');
    expect(receipt.skipped).toEqual([
      { place: 'trajectory t1, step 2', reason: 'has no source', isDamage: true },
      { place: 'trajectory t2', reason: 'has no messages', isDamage: false },
      { place: 'record 3', reason: 'is cut off', isDamage: true },
    ]);
  });

  it('reads on after steps with any values in place of their own', async () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const step = fc.record(
      {
        source: fc.oneof(fc.constantFrom('user', 'agent', 'system'), value),
        ...{ message: value, timestamp: value, tool_calls: value, observation: value },
        ...{ metrics: value, extra: value, reasoning_content: value, model_name: value },
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(step, value)), value, async (steps, extra) => {
        const marked = { source: 'user', message: 'the mark' };
        const all = [...steps, marked] as JsonObject[];
        const record = {
          schema_version: 'ATIF-v1.7',
          agent: {},
          session_id: 's',
          steps: all,
          extra,
        };
        const { sessions } = await importText('run.json', JSON.stringify(record));
        expect(outlineOf(sessions[0]!.messages).at(-1)).toBe('user: text the mark');
      }),
    );
  });

  it('takes no file that only quotes a trajectory', async () => {
    const quoted = JSON.stringify(JSON.stringify(trajectory([prompt])));
    await expect(importText('a.json', `{"text": ${quoted}, "agent": "x"}`)).rejects.toThrow(
      'No format',
    );
  });
});
