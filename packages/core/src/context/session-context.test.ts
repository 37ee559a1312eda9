import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { anyLongSession } from '@synapse/test/support/arbitraries/long-sessions';
import { aConversation, aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import { requestMessagesProblems } from '@synapse/test/support/validators/request-messages-problems';
import fc from 'fast-check';
import { ContextFullError } from '../errors/run-errors.ts';
import type { ModelRequest } from '../ports/model-provider.ts';
import type { Store } from '../ports/store.ts';
import type { NewMessage } from '../session/message.ts';
import { estimateRequestTokens } from '../usage/estimate-usage.ts';
import { pinMessage, resetContext } from './change-context.ts';
import { storeContext } from './context-note.ts';
import { findContext } from './read-context.ts';
import { defaultContextSettings, type ContextSettings } from './context-settings.ts';
import { reportContext } from './report-context.ts';
import { SessionContext } from './session-context.ts';

const clock = new FakeClock();
const tools = [{ name: 'read', description: 'Reads a file.', inputSchema: { type: 'object' } }];
const attachments = { get: async () => new Uint8Array([1, 2, 3]) };

let store: Store;

beforeEach(() => {
  store = createMemoryStore();
});

function contextOf(sessionId: string, settings: Partial<ContextSettings> = {}): SessionContext {
  return new SessionContext({
    ...{ sessions: store.sessions, attachments, sessionId, systemPrompt: 'Be brief.' },
    answerer: { provider: 'acme', model: 'wise-5' },
    limits: { contextTokens: null, maxOutputTokens: null },
    settings: { ...defaultContextSettings, ...settings },
  });
}

function writer() {
  return { sessions: store.sessions, lease: null, clock };
}

async function build(context: SessionContext): Promise<ModelRequest['messages']> {
  return context.messages({ tools }, writer());
}

function textOf(messages: ModelRequest['messages']): string {
  return JSON.stringify(messages);
}

function tokensOf(messages: ModelRequest['messages']): number {
  return estimateRequestTokens({ systemPrompt: 'Be brief.', tools, messages });
}

/** How many turns a conversation of so many words each has, told turn by turn. */
async function talk(id: string, turns: number, words = 100): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    const text = `turn ${turn} ${'word '.repeat(words)}`;
    await store.sessions.append(id, [aMessage(text), anAnswer(text)], null);
  }
}

describe('SessionContext', () => {
  it('never builds a request that exceeds the budget, is malformed, or lacks the question or pinned messages', async () => {
    const property = fc.asyncProperty(
      anyLongSession,
      fc.integer({ min: 60, max: 4_000 }),
      fc.array(fc.nat(30), { maxLength: 3 }),
      fc.record({ keepRecent: fc.nat(12), pruneToolOutput: fc.boolean(), maxMessages: fc.nat(9) }),
      async (said: NewMessage[], maxTokens, pins, settings) => {
        store = createMemoryStore();
        const { id } = await store.sessions.create(aSession());
        const context = contextOf(id, { ...settings, maxTokens });
        let pinned: string[] = [];
        for (const message of said) {
          const [stored] = await store.sessions.append(id, [message], null);
          if (message.role !== 'user') continue;
          if (pins.includes(stored!.seq)) {
            await pinMessage({ ...writer(), sessionId: id }, stored!.seq, true);
            pinned = [...pinned, questionOf(message)];
          }
          await expectSound(context, [...pinned, questionOf(message)], maxTokens);
        }
        await expectSound(context, pinned, maxTokens);
      },
    );
    await fc.assert(property, { numRuns: 80 });
  });

  /** Of what can't be left out: the pinned, the question, and what the model did on it last, in short. */
  async function leastTokens(sessionId: string): Promise<number> {
    const { context } = await findContext(store.sessions, sessionId);
    const said = await store.sessions.messages(sessionId, { limit: 500 });
    const question = said.findLast(({ role }) => role === 'user')!;
    const step = said.findLast(({ role, seq }) => role === 'assistant' && seq > question.seq);
    const least = said.filter(
      (message) =>
        context.pinnedSeqs.includes(message.seq) ||
        message === question ||
        (step !== undefined && message.seq >= step.seq && message.role !== 'context'),
    );
    const short = least.map(({ parts }) => ({
      parts: parts.map((part) =>
        part.type === 'tool-result'
          ? { ...part, output: part.output.slice(0, 300), attachments: [] }
          : part,
      ),
    }));
    return estimateRequestTokens({ systemPrompt: 'Be brief.', tools, messages: short }) + 50;
  }

  function questionOf({ parts }: NewMessage): string {
    return /question \d+/.exec(JSON.stringify(parts))![0];
  }

  async function expectSound(context: SessionContext, held: string[], maxTokens: number) {
    const messages = await build(context).catch((error: unknown) => {
      if (!(error instanceof ContextFullError)) throw error;
      return null;
    });
    if (messages === null) {
      expect(await leastTokens(context.options.sessionId!)).toBeGreaterThan(maxTokens);
      return;
    }
    expect(tokensOf(messages)).toBeLessThanOrEqual(maxTokens);
    expect(requestMessagesProblems(messages)).toEqual([]);
    for (const text of held) expect(textOf(messages)).toContain(text);
  }

  it('respects the maximum number of messages, and always sends the question', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 20, 3);
    await store.sessions.append(id, [aMessage('and now?')], null);
    const messages = await build(contextOf(id, { maxMessages: 6 }));
    expect(messages.length).toBeLessThanOrEqual(6);
    expect(textOf(messages)).toContain('and now?');
    expect(messages.length).toBeGreaterThan(2);
  });

  it('sends everything as long as it fits, and stores no note', async () => {
    const { id } = await aConversation(store, ['one', 'two', 'three']);
    expect(await build(contextOf(id, { maxTokens: 1_000 }))).toHaveLength(3);
    expect((await findContext(store.sessions, id)).note).toBeNull();
  });

  it('starts the same way from turn to turn, except where it has to leave something out', async () => {
    const { id } = await store.sessions.create(aSession());
    const context = contextOf(id, { maxTokens: 3_000 });
    let before = '';
    let cuts = 0;
    for (let turn = 0; turn < 60; turn++) {
      await store.sessions.append(id, [aMessage(`turn ${turn} ${'word '.repeat(80)}`)], null);
      const now = textOf(await build(context)).slice(0, -1);
      if (!now.startsWith(before)) cuts += 1;
      before = now;
      await store.sessions.append(id, [anAnswer(`answer ${turn} ${'word '.repeat(80)}`)], null);
    }
    expect(cuts).toBeGreaterThan(0);
    expect(cuts).toBeLessThan(15);
    const notes = await store.sessions.messages(id, { limit: 99, role: 'context' });
    expect(notes).toHaveLength(cuts);
  });

  it('shortens repeated results first, then old ones, and leaves out turns last', async () => {
    const { id } = await store.sessions.create(aSession());
    const read = async (path: string, size: number) => {
      const call = { type: 'tool-call' as const, id: 'c', name: 'read', input: { path } };
      const output = `${path} ${'x '.repeat(size)}`;
      const result = {
        type: 'tool-result' as const,
        id: 'c',
        name: 'read',
        output,
        isError: false,
      };
      await store.sessions.append(
        id,
        [
          aMessage('look'),
          anAnswer('', { parts: [call] }),
          aMessage('', { role: 'tool', parts: [result] }),
          anAnswer('seen'),
        ],
        null,
      );
    };
    for (const path of ['a', 'a', 'a', 'b']) await read(path, 400);
    const within = (maxTokens: number) =>
      contextOf(id, { maxTokens, keepRecent: 4 }).messages({ tools }, null);
    const justTooSmallFor = (messages: ModelRequest['messages']) =>
      Math.floor((tokensOf(messages) - 1) / 0.7);
    const all = await build(contextOf(id));
    const collapsed = await within(tokensOf(all) - 1);
    expect(textOf(collapsed).match(/made again later/g)).toHaveLength(2);
    expect(textOf(collapsed)).toContain('a x x');
    const pruned = await within(justTooSmallFor(collapsed));
    expect(textOf(pruned)).toContain('Left out:');
    expect(textOf(pruned).match(/look/g)).toHaveLength(4);
    const left = await within(justTooSmallFor(pruned));
    expect(textOf(left).match(/look/g)!.length).toBeLessThan(4);
  });

  it('starts over after a reset, with pinned messages', async () => {
    const { id, messages } = await aConversation(store, [
      'the key is under the mat',
      'a',
      'c',
      'd',
    ]);
    await pinMessage({ ...writer(), sessionId: id }, messages[0]!.seq, true);
    await resetContext({ ...writer(), sessionId: id });
    await store.sessions.append(id, [aMessage('where is it?')], null);
    expect(await build(contextOf(id))).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'the key is under the mat' },
          { type: 'text', text: 'where is it?' },
        ],
      },
    ]);
    expect(await store.sessions.get(id)).toMatchObject({ messageCount: 5 });
  });

  it('pins and unpins a call together with its result', async () => {
    const { id } = await store.sessions.create(aSession());
    const call = { type: 'tool-call' as const, id: 'c', name: 'read', input: {} };
    const result = {
      type: 'tool-result' as const,
      id: 'c',
      name: 'read',
      output: '',
      isError: false,
    };
    const said = [
      aMessage('q'),
      anAnswer('', { parts: [call] }),
      aMessage('', { role: 'tool', parts: [result] }),
    ];
    await store.sessions.append(id, said, null);
    const noted = { ...writer(), sessionId: id };
    expect((await pinMessage(noted, 3, true)).pinnedSeqs).toEqual([2, 3]);
    expect((await pinMessage(noted, 2, false)).pinnedSeqs).toEqual([]);
    const expected = { code: 'SYNAPSE_MESSAGE_NOT_FOUND' };
    await expect(pinMessage(noted, 99, true)).rejects.toMatchObject(expected);
  });

  it.each([
    ['cuts nothing for a PDF of few pages, however large', '%PDF-1.4 /Type /Page', 9000, 2],
    ['refuses nothing for the guess of a PDF alone', 'secret', 2000, 0],
  ])('%s', async (_case, content, maxTokens, turns) => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, turns);
    const attachment = { sha256: 's', mediaType: 'application/pdf', name: null, byteLength: 3e6 };
    const question = { ...aMessage('What is in it?') };
    question.parts = [...question.parts, { type: 'file', attachment }];
    const context = new SessionContext({
      ...contextOf(id, { maxTokens }).options,
      attachments: { get: async () => Buffer.from(content) },
    });
    const frame = { tools, added: [{ ...question, seq: 99 }] };
    const messages = await context.messages(frame, null);
    expect(messages).toHaveLength(2 * turns + 1);
    expect(messages.at(-1)?.parts).toHaveLength(2);
  });

  it('sends a much shorter request after a provider rejects one as too long', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 20);
    const context = contextOf(id);
    const messages = await build(context);
    context.tighten();
    expect(tokensOf(await build(context))).toBeLessThanOrEqual(tokensOf(messages) * 0.6);
  });

  it('sends a much shorter request even if the provider counted less than the estimate', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 20);
    const usage = {
      ...{ inputTokens: 100, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
      ...{ reasoningTokens: 0, estimated: false },
    };
    const answer = anAnswer('a', { provider: 'acme', model: 'wise-5', usage });
    await store.sessions.append(id, [aMessage('q'), answer, aMessage('r')], null);
    const context = contextOf(id);
    const messages = await build(context);
    context.tighten();
    expect((await build(context)).length).toBeLessThan(messages.length);
  });

  it('does not believe a report that is far too low', async () => {
    const { id } = await store.sessions.create(aSession());
    for (let turn = 0; turn < 50; turn++) {
      await store.sessions.append(id, [aMessage('話'.repeat(80)), anAnswer('答')], null);
    }
    const usage = {
      ...{ inputTokens: 100, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
      ...{ reasoningTokens: 0, estimated: false },
    };
    const answer = anAnswer('a', { provider: 'acme', model: 'wise-5', usage });
    await store.sessions.append(id, [aMessage('q'), answer, aMessage('r')], null);
    const all = await build(contextOf(id));
    const fitting = await build(contextOf(id, { maxTokens: Math.floor(tokensOf(all) / 3) }));
    expect(fitting.length).toBeLessThan(all.length * 0.7);
  });

  it.each([2_000_000, 1e9])(
    'leaves nothing out after a report of %d tokens',
    async (inputTokens) => {
      const { id } = await store.sessions.create(aSession());
      await talk(id, 20);
      const usage = {
        ...{ inputTokens, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
        ...{ reasoningTokens: 0, estimated: false },
      };
      const answer = anAnswer('a', { provider: 'acme', model: 'wise-5', usage });
      await store.sessions.append(id, [aMessage('q'), answer, aMessage('r')], null);
      const context = contextOf(id, { maxTokens: 200_000 });
      const { totalTokens } = await reportContext(context, { tools });
      expect(totalTokens).toBeLessThan(20_000);
      expect(textOf(await build(context))).toContain('turn 0 ');
    },
  );

  it('fails with a clear error if the question alone does not fit', async () => {
    const { id } = await aConversation(store, ['word '.repeat(2_000)]);
    await expect(build(contextOf(id, { maxTokens: 1_000 }))).rejects.toMatchObject({
      code: 'SYNAPSE_CONTEXT_FULL',
      message: expect.stringContaining('a request may hold 1000'),
    });
  });

  it('reads no more of a long session than it sends', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 400);
    let read = 0;
    const { sessions } = store;
    const counting = {
      messages: sessions.messages.bind(sessions),
      promptMessages: async (...args: Parameters<typeof sessions.promptMessages>) => {
        const page = await sessions.promptMessages(...args);
        read += page.length;
        return page;
      },
    };
    const options = contextOf(id, { maxTokens: 2_000 }).options;
    const context = new SessionContext({ ...options, sessions: counting });
    await context.measure({ tools });
    const before = read;
    await talk(id, 400);
    await context.measure({ tools });
    expect(read).toBe(2 * before);
  });

  it('uses the counts of the provider, and estimates only the rest', async () => {
    const { id } = await store.sessions.create(aSession());
    const usage = {
      ...{ inputTokens: 5_000, outputTokens: 300, cacheReadTokens: 0, cacheWriteTokens: 0 },
      ...{ reasoningTokens: 0, estimated: false },
    };
    const answer = anAnswer('a', { provider: 'acme', model: 'wise-5', usage });
    await store.sessions.append(id, [aMessage('q'), answer], null);
    const report = await reportContext(contextOf(id, { maxTokens: 9_000 }), { tools });
    expect(report).toMatchObject({
      ...{ totalTokens: 5_300, isEstimated: false, budgetTokens: 9_000, windowTokens: null },
      ...{ messageCount: 2, pinnedCount: 0, summaryTokens: 0, attachmentTokens: 0 },
    });
    expect(report.systemTokens + report.toolTokens + report.messageTokens).toBeGreaterThan(10);
  });

  it('reports once that messages are left out, and again after a summary', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 3);
    let count = 0;
    const ask = async () => {
      const context = contextOf(id, { maxTokens: 1_000 });
      await context.messages({ tools }, writer());
      count += context.takeNotices().filter(({ kind }) => kind === 'left-out').length;
    };
    await ask();
    expect(count).toBe(0);
    for (let turn = 0; turn < 20; turn++) {
      await talk(id, 1);
      await ask();
    }
    expect(count).toBe(1);
    const { context } = await findContext(store.sessions, id);
    expect(context.leftOutSeq).toBeGreaterThan(0);
    const summary = { summary: 'All.', summarySeq: context.leftOutSeq };
    await storeContext({ ...writer(), sessionId: id }, { ...context, ...summary });
    for (let turn = 0; turn < 20; turn++) {
      await talk(id, 1);
      await ask();
    }
    expect(count).toBe(2);
  });

  it('counts the tools of the next request before any was sent', async () => {
    const { id } = await store.sessions.create(aSession());
    await talk(id, 1);
    let offered = tools;
    const options = contextOf(id, { maxTokens: 9_000 }).options;
    const context = new SessionContext({ ...options, listTools: async () => offered });
    const report = await reportContext(context);
    expect(report.toolTokens).toBeGreaterThan(0);
    expect(report).toEqual(await reportContext(context, { tools }));
    await build(context);
    offered = [];
    expect((await reportContext(context)).toolTokens).toBe(0);
  });

  it.each([
    ['that are not sent again', undefined, 5_300],
    ['that are sent again', { dialect: 'acme', data: 'sealed' }, 125_000],
  ])(
    'counts the reasoning of the last answer correctly: %s',
    async (_which, replay, totalTokens) => {
      const { id } = await store.sessions.create(aSession());
      const usage = {
        ...{ inputTokens: 5_000, outputTokens: 120_000, cacheReadTokens: 0, cacheWriteTokens: 0 },
        ...{ reasoningTokens: 119_700, estimated: false },
      };
      const thoughts = { type: 'reasoning' as const, text: 'hm', ...(replay && { replay }) };
      const parts = [thoughts, { type: 'text' as const, text: 'a' }];
      const answer = anAnswer('a', { provider: 'acme', model: 'wise-5', usage, parts });
      await store.sessions.append(id, [aMessage('q'), answer], null);
      const report = await reportContext(contextOf(id, { maxTokens: 200_000 }), { tools });
      expect(report.totalTokens).toBe(totalTokens);
    },
  );
});
