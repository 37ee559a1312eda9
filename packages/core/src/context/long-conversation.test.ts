import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { scriptedContext } from '@synapse/test/fakes/scripted-context';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { aSession } from '@synapse/test/support/samples';
import { runTurn } from '../conversation/run-turn.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { ToolSource } from '../ports/tool-source.ts';
import { estimateRequestTokens, estimateUsage } from '../usage/estimate-usage.ts';
import { pinMessage } from './change-context.ts';
import { compactSession } from './compact-session.ts';
import { defaultContextSettings } from './context-settings.ts';
import { SessionContext } from './session-context.ts';
import { silentLogger } from '../silent-logger.ts';

/** Some five windows long; a night has time for 2,000. */
const TURNS = Number(process.env.SYNAPSE_TEST_TURNS ?? 400);
const WINDOW = 32_000;
const SYSTEM = 'You help with a long project.';

/** Answers every third question by reading a file first; a summary of it keeps the facts, as asked. */
class SimulatedModel implements ModelProvider {
  readonly name = 'simulated';
  readonly requests: { tokens: number; text: string }[] = [];
  summaryCount = 0;

  async *stream(request: ModelRequest): AsyncGenerator<StreamEvent> {
    const text = JSON.stringify(request.messages);
    const isSummary = request.systemPrompt !== SYSTEM;
    if (isSummary) this.summaryCount += 1;
    else this.requests.push({ tokens: estimateRequestTokens(request), text });
    const wantsFile =
      !isSummary && request.messages.at(-1)?.role === 'user' && last(text).includes('look');
    const answer = isSummary
      ? [...new Set(text.match(/FACT \d+ is \w+/g))].join('\n') || 'Nothing that matters.'
      : `So it is. ${'More words on it. '.repeat(20)}`;
    yield { type: 'text-delta', text: answer };
    if (wantsFile) {
      const input = { path: `file ${this.requests.length % 7}` };
      yield { type: 'tool-call', id: `call_${this.requests.length}`, name: 'read', input };
    }
    yield {
      type: 'turn-end',
      finishReason: { unified: wantsFile ? 'tool-calls' : 'stop', raw: null },
      usage: { ...estimateUsage(request, [{ type: 'text', text: answer }]), estimated: false },
      model: 'simulated-1',
    };
  }

  async listModels(): Promise<never[]> {
    return [];
  }
}

function last(text: string): string {
  return text.slice(text.lastIndexOf('"role":"user"'));
}

const files: ToolSource = {
  name: 'files',
  async list() {
    const inputSchema = { type: 'object' };
    return [{ name: 'read', description: 'Reads a file.', inputSchema, effect: 'read' }];
  },
  async call(_name, { path }) {
    const output = `${JSON.stringify(path)}: ${'const line = "of a file";\n'.repeat(80)}`;
    return { output, isError: false, attachments: [] };
  },
  close: async () => undefined,
};

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

describe(`a conversation of ${TURNS} turns on a window of 32k`, () => {
  it('never exceeds the window, and still has its pins and its summary at the end', async () => {
    const store = createMemoryStore();
    const clock = new FakeClock();
    const { sessions, attachments } = store;
    const { id } = await sessions.create(aSession({ systemPrompt: SYSTEM }));
    const model = new SimulatedModel();
    const context = new SessionContext({
      ...{ sessions, attachments, sessionId: id, systemPrompt: SYSTEM },
      answerer: { provider: 'simulated', model: 'simulated-1' },
      limits: { contextTokens: WINDOW, maxOutputTokens: 4_000 },
      settings: defaultContextSettings,
    });
    const writer = { sessions, sessionId: id, lease: null, clock };
    const { signal } = new AbortController();
    const facts: string[] = [];

    for (let turn = 0; turn < TURNS; turn++) {
      const fact = turn % 100 === 7 ? `FACT ${turn} is w${turn}. ` : '';
      if (fact) facts.push(`FACT ${turn} is w${turn}`);
      const text = `${fact}${turn % 3 === 0 ? 'look' : 'tell me'} ${turn}: ${'and so on '.repeat(20)}`;
      const events = runTurn({
        ...{ sessions, sessionId: id, lease: null, provider: model, model: 'simulated-1' },
        parts: [{ type: 'text', text }],
        tools: {
          sources: [files],
          approver: { approve: async () => ({ allowed: true }) },
          maxRounds: 5,
        },
        context: scriptedContext(async (tools) => ({
          ...{ model: 'simulated-1', systemPrompt: SYSTEM, tools, maxOutputTokens: 4_000 },
          messages: await context.messages({ tools }, writer),
          ...{ temperature: null, outputSchema: null, cacheKey: null },
        })),
        prices: { costOf: () => null },
        ...{ clock, logger: silentLogger, signal },
      });
      for await (const event of events) {
        if (event.type === 'message-stored' && turn === 3) {
          await pinMessage(writer, event.message.seq, true);
        }
      }
      const openSummarizer = async () => ({
        ...{ provider: model, model: 'simulated-1', clock, maxInputTokens: 28_000 },
        prices: { costOf: () => null },
      });
      await compactSession({ ...writer, context, openSummarizer, signal });
    }

    const sizes = model.requests.map(({ tokens }) => tokens);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(WINDOW - 4_000);
    expect(model.requests.length).toBeGreaterThan(TURNS * 1.3);
    const end = model.requests.at(-1)!.text;
    for (const fact of facts) expect(end).toContain(fact);
    expect(end).toContain('look 3:');
    expect((await sessions.get(id))?.turnCount).toBe(TURNS);
    expect(model.summaryCount).toBeLessThan(TURNS / 10);

    // What providers find in their cache: nearly all of most requests.
    const shares = model.requests.slice(1).map(({ text }, index) => {
      const before = model.requests[index]!.text.slice(0, -1);
      return sharedPrefix(before, text) / text.length;
    });
    const isWarm = shares.filter((share) => share > 0.8).length / shares.length;
    expect(isWarm).toBeGreaterThan(0.9);
  });
});
