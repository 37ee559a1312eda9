import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import { InterruptedError, LimitReachedError } from '../errors/run-errors.ts';
import { ProviderError } from '../errors/provider-error.ts';
import { StorageError } from '../errors/storage-error.ts';
import type { Store } from '../ports/store.ts';
import type { StreamEvent, TurnEnd } from '../ports/stream-event.ts';
import { textOf, type Part } from '../session/part.ts';
import { pinMessage, resetContext } from './change-context.ts';
import { compactSession, type CompactOptions } from './compact-session.ts';
import { storeContext, WHOLE_CONTEXT } from './context-note.ts';
import { findContext } from './read-context.ts';
import { defaultContextSettings, type ContextSettings } from './context-settings.ts';
import { SessionContext } from './session-context.ts';

const clock = new FakeClock();
const price = {
  ...{ inputPerMillion: 1, outputPerMillion: 1 },
  ...{ cacheReadPerMillion: 1, cacheWritePerMillion: 1 },
};
const cutOff: TurnEnd = {
  ...(turnEnd as TurnEnd),
  finishReason: { unified: 'length', raw: 'max_tokens' },
};

let store: Store;
let id: string;

beforeEach(async () => {
  store = createMemoryStore();
  id = (await store.sessions.create(aSession())).id;
  for (let turn = 0; turn < 20; turn++) {
    const words = `fact ${turn} ${'word '.repeat(50)}`;
    await store.sessions.append(id, [aMessage(words), anAnswer(words)], null);
  }
});

function options(
  provider: ScriptedProvider,
  settings: Partial<ContextSettings> = {},
  {
    maxInputTokens = null,
    ...more
  }: Partial<CompactOptions & { maxInputTokens: number | null }> = {},
): CompactOptions {
  const { sessions, attachments } = store;
  return {
    ...{ sessions, sessionId: id, lease: null, clock },
    context: new SessionContext({
      ...{ sessions, attachments, sessionId: id, systemPrompt: null },
      answerer: { provider: 'demo', model: 'echo' },
      limits: { contextTokens: null, maxOutputTokens: null },
      settings: { ...defaultContextSettings, maxTokens: 2_000, keepRecent: 4, ...settings },
    }),
    openSummarizer: async () => ({
      ...{ provider, model: 'brief', maxInputTokens, clock },
      prices: { costOf: () => ({ nanoUsd: 7, price }) },
    }),
    signal: new AbortController().signal,
    ...more,
  };
}

async function everything() {
  return (await store.sessions.messages(id, { limit: 500 })).filter(
    ({ role }) => role !== 'context',
  );
}

describe('compactSession', () => {
  it('replaces older turns by a summary in requests, and keeps them stored', async () => {
    const before = await everything();
    const provider = new ScriptedProvider([text('Facts 0 to 17.'), turnEnd]);
    const report = await compactSession(options(provider));
    expect(report).toMatchObject({ outcome: 'summarised', costNanoUsd: 7, reason: null });
    expect(report.tokensAfter).toBeLessThan(report.tokensBefore / 2);
    expect(await everything()).toEqual(before);
    const { context, note } = await findContext(store.sessions, id);
    expect(context).toMatchObject({ summary: 'Facts 0 to 17.', summarySeq: 36, leftOutSeq: 36 });
    expect(note).toMatchObject({ provider: 'scripted', model: 'scripted-1', cost: { nanoUsd: 7 } });
    expect(await store.sessions.get(id)).toMatchObject({ costNanoUsd: 7, messageCount: 40 });

    const request = await options(provider).context.messages({ tools: [] }, null);
    expect(JSON.stringify(request[0])).toMatch(
      /summary of the earlier messages.*Facts 0 to 17.*fact 18/,
    );
  });

  it('includes the earlier summary in the next one, and summarises only newer turns', async () => {
    const provider = new ScriptedProvider(
      [text('The first.'), turnEnd],
      [text('The second.'), turnEnd],
    );
    await compactSession(options(provider));
    await store.sessions.append(id, [aMessage('a new fact'), anAnswer('noted')], null);
    await compactSession(options(provider, {}, { isForced: true }));
    const [first, second] = provider.requests.map((request) => JSON.stringify(request.messages));
    expect(first).toContain('fact 0');
    expect(second).toContain('The first.');
    expect(second).not.toContain('fact 0');
    expect((await findContext(store.sessions, id)).context.summary).toBe('The second.');
  });

  it('does nothing until it is needed, or if summaries are off', async () => {
    const provider = new ScriptedProvider();
    const roomy = await compactSession(options(provider, { maxTokens: 9_000 }));
    expect(roomy.outcome).toBe('not-needed');
    const window = await compactSession(options(provider, { strategy: 'window' }));
    expect(window.outcome).toBe('not-needed');
    expect(provider.requests).toHaveLength(0);
  });

  it('sends no request if there are no older turns, as after a reset', async () => {
    const writer = { sessions: store.sessions, sessionId: id, lease: null, clock };
    await resetContext(writer);
    await store.sessions.append(id, [aMessage('anew'), anAnswer('so it is')], null);
    const provider = new ScriptedProvider();
    expect(await compactSession(options(provider, {}, { isForced: true }))).toMatchObject({
      ...{ outcome: 'not-needed', reason: 'There is nothing older to summarise.' },
    });
    expect(provider.requests).toHaveLength(0);
  });

  it('keeps the last turn, even if keep_recent is small', async () => {
    const provider = new ScriptedProvider([text('Facts 0 to 18.'), turnEnd]);
    await compactSession(options(provider, { keepRecent: 0 }));
    expect((await findContext(store.sessions, id)).context.summarySeq).toBe(38);
  });

  const failure = new ProviderError('It is overloaded.', {
    ...{ provider: 'scripted', reason: 'overloaded' as const, isRetryable: true },
  });
  const faults: Record<string, { script: (StreamEvent | Error)[]; reason: unknown }> = {
    'is empty': { script: [text(' \n'), turnEnd], reason: 'The summary is empty.' },
    'is cut off': { script: [text('Facts'), cutOff], reason: 'The summary was cut off.' },
    fails: { script: [text('Facts'), failure], reason: 'It is overloaded.' },
    'breaks in us': { script: [new TypeError('x')], reason: expect.stringContaining('fault') },
    'is no shorter': {
      script: [text('word '.repeat(5_000)), turnEnd],
      reason: 'The summary is not shorter than the messages it replaces.',
    },
  };
  it.each(Object.entries(faults))(
    'changes nothing where a summary %s, and counts it',
    async (_, fault) => {
      const provider = new ScriptedProvider(fault.script, [text('Again.'), turnEnd]);
      const before = await everything();
      const report = await compactSession(options(provider));
      expect(report).toMatchObject({ outcome: 'failed', reason: fault.reason });
      const { context, note } = await findContext(store.sessions, id);
      expect(context).toMatchObject({ summary: null, leftOutSeq: 0 });
      expect(note).toMatchObject({ status: 'failed', error: { message: fault.reason } });
      expect(await everything()).toEqual(before);

      expect((await compactSession(options(provider))).outcome).toBe('not-needed');
      const request = await options(provider).context.messages({ tools: [] }, null);
      expect(JSON.stringify(request)).toContain('fact 19');
      for (let turn = 0; turn < 5; turn++) {
        await store.sessions.append(id, [aMessage('more'), anAnswer('more')], null);
      }
      expect((await compactSession(options(provider))).outcome).toBe('summarised');
    },
  );

  describe('a summary that makes requests larger', () => {
    const result = 'line of output '.repeat(300);
    /** Turns whose results were named in short since. */
    const shorten = async () => {
      for (let turn = 0; turn < 3; turn++) {
        const call = { type: 'tool-call' as const, id: `c${turn}`, name: 'read', input: { turn } };
        const output = { type: 'tool-result' as const, id: `c${turn}`, name: 'read' };
        const parts = [{ ...output, output: result, isError: false }];
        const messages = [
          anAnswer('', { parts: [call] }),
          aMessage('', { role: 'tool', parts }),
          anAnswer('done'),
        ];
        await store.sessions.append(id, [aMessage(`read ${turn}`), ...messages], null);
      }
      const [last] = await store.sessions.messages(id, { limit: 1 });
      const leftOutSeq = 40;
      await storeContext(
        { sessions: store.sessions, sessionId: id, lease: null, clock },
        { ...WHOLE_CONTEXT, summary: 'All.', summarySeq: 40, leftOutSeq, prunedSeq: last!.seq },
      );
      await store.sessions.append(id, [aMessage('and?'), anAnswer('so')], null);
    };
    const long = text('word '.repeat(900));

    it('is dropped, its cost is counted, and requests stay unchanged', async () => {
      await shorten();
      const { context: before } = await findContext(store.sessions, id);
      const provider = new ScriptedProvider([long, turnEnd]);
      const forced = options(provider, { keepRecent: 2 }, { isForced: true });
      const report = await compactSession(forced);
      expect(report).toMatchObject({
        ...{ outcome: 'failed', costNanoUsd: 7 },
        reason: 'Requests would be larger with the summary than without it.',
      });
      const { context, note } = await findContext(store.sessions, id);
      expect(context).toEqual(before);
      expect(note).toMatchObject({ status: 'failed', cost: { nanoUsd: 7 } });
      const after = await options(provider).context.measure();
      expect(after.tokensOf(after.context)).toBe(report.tokensBefore);
    });

    it('also drops an earlier step that made requests larger', async () => {
      await shorten();
      const { context: before } = await findContext(store.sessions, id);
      const provider = new ScriptedProvider(
        [text('word '.repeat(450)), turnEnd],
        [text(' '), turnEnd],
      );
      const small = { isForced: true, maxInputTokens: 1_200 };
      const report = await compactSession(options(provider, { keepRecent: 2 }, small));
      expect(report).toMatchObject({ outcome: 'failed', reason: 'The summary is empty.' });
      expect(provider.requests).toHaveLength(2);
      expect((await findContext(store.sessions, id)).context).toEqual(before);
    });

    it.each([
      ['is kept while there is room', 2_000, 'summarised'],
      ['is dropped where there is none', 700, 'failed'],
    ])('but reports turns that are left out silently: %s', async (_, maxTokens, outcome) => {
      const writer = { sessions: store.sessions, sessionId: id, lease: null, clock };
      await storeContext(writer, { ...WHOLE_CONTEXT, leftOutSeq: 36 });
      const provider = new ScriptedProvider([text('word '.repeat(500)), turnEnd]);
      const forced = options(provider, { maxTokens, keepRecent: 4 }, { isForced: true });
      expect((await compactSession(forced)).outcome).toBe(outcome);
    });
  });

  describe('a session of any length', () => {
    const huge = 'lorem ipsum '.repeat(10_000);
    /** What is read of the session, page by page. */
    function watched() {
      const pages: number[] = [];
      const note = <M extends { parts: Part[] }>(page: M[]): M[] => {
        pages.push(page.reduce((sum, { parts }) => sum + textOf(parts).length, 0));
        return page;
      };
      const { sessions } = store;
      const reading = {
        append: sessions.append.bind(sessions),
        messages: async (...args: Parameters<typeof sessions.messages>) =>
          note(await sessions.messages(...args)),
        promptMessages: async (...args: Parameters<typeof sessions.promptMessages>) =>
          note(await sessions.promptMessages(...args)),
      };
      return { pages, reading };
    }
    async function compact(turns: number) {
      const { id: hugeId } = await store.sessions.create(aSession());
      for (let turn = 0; turn < turns; turn++) {
        await store.sessions.append(hugeId, [aMessage(huge), anAnswer(huge)], null);
      }
      await store.sessions.append(hugeId, [aMessage('and?'), anAnswer('so')], null);
      const { pages, reading } = watched();
      const provider = new ScriptedProvider(
        ...Array.from({ length: 99 }, () => [text('A summary.'), turnEnd]),
      );
      const given = options(provider, { maxTokens: 60_000 }, { isForced: true });
      const context = new SessionContext({
        ...{ ...given.context.options, sessions: reading, sessionId: hugeId },
      });
      const report = await compactSession({
        ...{ ...given, sessions: reading, sessionId: hugeId, context },
      });
      expect(report.outcome).toBe('summarised');
      const sizes = provider.requests.map(({ messages }) => JSON.stringify(messages).length);
      return { pages, sizes };
    }

    it('is read once, in pages, with a constant number of calls', async () => {
      const short = await compact(150);
      const long = await compact(300);
      expect(long.sizes.length).toBe(short.sizes.length);
      expect(long.sizes.length).toBeLessThanOrEqual(12);
      const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
      expect(sum(long.pages)).toBeLessThan(sum(short.pages) * 1.1);
      expect(Math.max(...long.pages)).toBeLessThan(60 * huge.length);
      // Some 60 000 tokens, of four characters or more each.
      expect(Math.max(...long.sizes)).toBeLessThan(500_000);
    });
  });

  it('changes nothing if it is interrupted', async () => {
    const controller = new AbortController();
    const provider = new ScriptedProvider([
      text('Facts'),
      () => controller.abort(new InterruptedError('Stopped.')),
      turnEnd,
    ]);
    const { signal } = controller;
    expect((await compactSession(options(provider, {}, { signal }))).outcome).toBe('failed');
    const { context, note } = await findContext(store.sessions, id);
    expect(context.summary).toBeNull();
    expect(note).toMatchObject({ status: 'interrupted', usage: { estimated: true } });
  });

  it('loses nothing if the store fails or the process ends before any of its writes', async () => {
    const before = await everything();
    const chunks = Array.from({ length: 4 }, (_, index) => [text(`Part ${index}.`), turnEnd]);
    for (let writes = 0; writes < 3; writes++) {
      let left = writes;
      const failing = {
        messages: store.sessions.messages.bind(store.sessions),
        append: (...args: Parameters<Store['sessions']['append']>) => {
          if (left-- > 0) return store.sessions.append(...args);
          throw new StorageError('The disk is full.', { reason: 'full' });
        },
      };
      const provider = new ScriptedProvider(...structuredClone(chunks));
      const small = options(provider, {}, { maxInputTokens: 1_000 });
      const compaction = compactSession({ ...small, sessions: failing });
      await compaction.catch((error: unknown) => expect(error).toBeInstanceOf(StorageError));
      expect(await everything()).toEqual(before);
      const { context } = await findContext(store.sessions, id);
      const roomy = options(new ScriptedProvider(), { maxTokens: null }).context;
      const request = JSON.stringify(await roomy.messages({ tools: [] }, null));
      for (const { seq, parts } of before) {
        if (seq > context.summarySeq) expect(request).toContain(textOf(parts).slice(0, 20));
      }
    }
  });

  it('summarises in several steps if the session is too long for one request', async () => {
    const parts = Array.from({ length: 9 }, (_, index) => [text(`Up to ${index}.`), turnEnd]);
    const provider = new ScriptedProvider(...parts);
    const small = options(provider, {}, { maxInputTokens: 1_000 });
    expect((await compactSession(small)).outcome).toBe('summarised');
    expect(provider.requests.length).toBeGreaterThan(2);
    const { context } = await findContext(store.sessions, id);
    expect(context).toMatchObject({
      summary: `Up to ${provider.requests.length - 1}.`,
      summarySeq: 36,
    });
  });

  it('sends no request if a cost limit is reached', async () => {
    const provider = new ScriptedProvider();
    const checkBudget = () => {
      throw new LimitReachedError('Too dear.');
    };
    await expect(compactSession(options(provider, {}, { checkBudget }))).rejects.toThrow(
      'Too dear.',
    );
    expect(provider.requests).toHaveLength(0);
  });

  it('keeps pinned messages next to the summary', async () => {
    const writer = { sessions: store.sessions, sessionId: id, lease: null, clock };
    await pinMessage(writer, 3, true);
    const provider = new ScriptedProvider([text('Facts.'), turnEnd]);
    await compactSession(options(provider));
    const request = await options(provider).context.messages({ tools: [] }, null);
    expect(JSON.stringify(request)).toMatch(/Facts\..*fact 1 /);
    expect(JSON.stringify(request)).not.toContain('fact 2 ');
  });
});
