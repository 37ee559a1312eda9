import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { allowAll, FakeTools } from '@synapse/test/fakes/fake-tools';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { runTurn } from '../conversation/run-turn.ts';
import { ProviderError } from '../errors/provider-error.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { StreamEvent } from '../ports/stream-event.ts';
import type { Tool } from '../ports/tool-source.ts';
import { silentLogger } from '../silent-logger.ts';
import { pinMessage, resetContext } from './change-context.ts';
import { storeContext } from './context-note.ts';
import { findContext } from './read-context.ts';
import { defaultContextSettings } from './context-settings.ts';
import { SessionContext } from './session-context.ts';

const clock = new FakeClock();
const never = new AbortController().signal;

/** Seals each answer for its model and for all that was sent before it, and refuses what differs. */
class SealingProvider implements ModelProvider {
  readonly name: string;
  readonly requests: ModelRequest[] = [];
  readonly problems: string[] = [];
  /** Takes no seal of an earlier time, as after a new key. */
  takesNone = false;
  /** What the next answers do. */
  plan: ('answer' | 'call' | 'break off')[] = [];
  readonly #sealed: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  async *stream(request: ModelRequest): AsyncGenerator<StreamEvent> {
    const asked = structuredClone(request);
    this.requests.push(asked);
    const seals = sealsOf(asked);
    if (this.takesNone && seals.length > 0) throw refusal();
    for (const { seal, maker, before } of seals) {
      if (maker !== this.name) this.problems.push(`${seal} is of ${maker}`);
      else if (this.#sealed[seal] !== before)
        this.problems.push(`${seal} is bound to something else`);
    }
    const step = this.plan.shift() ?? 'answer';
    this.#sealed.push(prefixOf(asked, asked.messages.length));
    const data = this.#sealed.length - 1;
    const replay = { dialect: 'sealed', data: [this.name, data], isBound: true as const };
    yield { type: 'reasoning-end', replay };
    yield { type: 'text-delta', text: `answer ${data}` };
    if (step === 'break off') throw refusal('overloaded');
    if (step === 'call') {
      yield { type: 'tool-call', id: `call_${data}`, name: 'read', input: { data } };
    }
    const unified = step === 'call' ? 'tool-calls' : 'stop';
    yield { ...(turnEnd as object), finishReason: { unified, raw: null } } as StreamEvent;
  }

  async listModels(): Promise<never[]> {
    return [];
  }
}

function refusal(reason: 'replay-refused' | 'overloaded' = 'replay-refused'): ProviderError {
  return new ProviderError('No.', { provider: 'acme', reason, isRetryable: false });
}

function prefixOf({ model, systemPrompt, tools, messages }: ModelRequest, end: number): string {
  return JSON.stringify([model, systemPrompt, tools, messages.slice(0, end)]);
}

interface Seal {
  maker: string;
  seal: number;
  before: string;
}

function sealsOf(request: ModelRequest): Seal[] {
  return request.messages.flatMap(({ role, parts }, index) => {
    if (role !== 'assistant') return [];
    return parts.flatMap((part, at) => {
      if (part.type !== 'reasoning' || !part.replay) return [];
      const before = prefixOf(request, index) + (at === 0 ? '' : 'and more');
      const [maker, seal] = part.replay.data as [string, number];
      return [{ maker, seal, before }];
    });
  });
}

async function aTalk() {
  const store = createMemoryStore();
  const { sessions } = store;
  const { id: sessionId } = await sessions.create(aSession());
  const writer = { sessions, lease: null, clock };
  const provider = new SealingProvider('acme');
  const other = new SealingProvider('other');
  const frame = {
    ...{ systemPrompt: 'Be brief.', model: 'wise-5', isElsewhere: false, maxTokens: 0 },
    ...{ tools: ['read'], mcpTools: MCP_TOOLS[0]! },
  };
  const contexts = new Map<string, SessionContext>();

  /** One for as long as nothing of it changes, as in a process that goes on; then another. */
  const contextOf = ({ systemPrompt, model, maxTokens, isElsewhere }: typeof frame) => {
    const key = JSON.stringify([systemPrompt, model, maxTokens, isElsewhere]);
    const context =
      contexts.get(key) ??
      new SessionContext({
        ...{ sessions, attachments: store.attachments, sessionId, systemPrompt },
        answerer: { provider: isElsewhere ? 'other' : 'acme', model },
        limits: { contextTokens: null, maxOutputTokens: null },
        settings: { ...defaultContextSettings, maxTokens: maxTokens || null, keepRecent: 1 },
      });
    contexts.set(key, context);
    return context;
  };

  const ask = async (question: string): Promise<unknown> => {
    const { model, mcpTools, isElsewhere } = frame;
    const context = contextOf(frame);
    const asked = isElsewhere ? other : provider;
    asked.plan = provider.plan;
    const sources = [
      new FakeTools(Object.fromEntries(frame.tools.map((tool) => [tool, () => 'x'.repeat(900)]))),
      new McpTools(mcpTools),
    ];
    const turn = runTurn({
      ...{ sessions, sessionId, lease: null, provider: asked, model },
      parts: [{ type: 'text', text: question }],
      context,
      tools: { sources, approver: allowAll, maxRounds: 9 },
      prices: { costOf: () => null },
      ...{ clock, logger: silentLogger, signal: never },
    });
    try {
      while (!(await turn.next()).done);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const resume = () => contexts.clear();
  return { ask, resume, provider, other, frame, store, writer: { ...writer, sessionId } };
}

/** What a server of tools lists from time to time: it is upgraded, too slow, and removed. */
const MCP_TOOLS: readonly (readonly [name: string, description: string][])[] = [
  [],
  [['mcp__files__list', 'Lists files.']],
  [['mcp__files__list', 'Lists files and folders.']],
  [
    ['mcp__files__find', 'Finds files.'],
    ['mcp__files__list', 'Lists files.'],
  ],
];

class McpTools extends FakeTools {
  readonly #listed: (typeof MCP_TOOLS)[number];

  constructor(listed: (typeof MCP_TOOLS)[number]) {
    super(Object.fromEntries(listed.map(([name]) => [name, () => 'a.txt'])));
    this.#listed = listed;
  }

  override async list(): Promise<Tool[]> {
    const tools = await super.list();
    return tools.map((tool, index) => ({ ...tool, description: this.#listed[index]![1] }));
  }
}

type Talk = Awaited<ReturnType<typeof aTalk>>;

/** What may happen between two questions; the first ones change nothing. */
const changes: ((talk: Talk) => unknown)[] = [
  () => undefined,
  ({ provider }) => void provider.plan.push('call', 'call', 'answer'),
  ({ provider }) => void provider.plan.push('call', 'break off'),
  ({ provider }) => void provider.plan.push('break off'),
  ({ frame }) => void (frame.tools = frame.tools.length > 1 ? ['read'] : ['read', 'write']),
  ({ frame }) => void (frame.systemPrompt += ' And kind.'),
  ({ frame }) => void (frame.model = frame.model === 'wise-5' ? 'quick-5' : 'wise-5'),
  ({ frame }) => void (frame.isElsewhere = !frame.isElsewhere),
  ...MCP_TOOLS.map(
    (listed) =>
      ({ frame }: Talk) =>
        void (frame.mcpTools = listed),
  ),
  ({ resume }) => resume(),
  ({ frame }) => void (frame.maxTokens = frame.maxTokens === 0 ? 600 : 0),
  ({ writer }) => resetContext(writer),
  ({ writer }) => pinMessage(writer, 1, true),
  async ({ writer }) => {
    const { context } = await findContext(writer.sessions, writer.sessionId);
    const [last] = await writer.sessions.messages(writer.sessionId, { limit: 1 });
    const seq = Math.max(0, (last?.seq ?? 0) - 3);
    const summary = { summary: 'They talked.', summarySeq: seq, leftOutSeq: seq };
    await storeContext(writer, { ...context, ...summary });
  },
];

describe('epochs', () => {
  it('send bound reasoning only after the exact messages it was made for, whatever changes', async () => {
    const steps = fc.array(fc.nat(changes.length - 1), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const talk = await aTalk();
        await talk.ask('the first question');
        for (const step of plan) {
          await changes[step]!(talk);
          await talk.ask(`question after ${step}`);
          talk.provider.plan = [];
        }
        expect([...talk.provider.problems, ...talk.other.problems]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('repeat the earlier request byte for byte, with all bound reasoning, while nothing changes', async () => {
    const steps = fc.array(fc.nat(2), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const talk = await aTalk();
        for (const step of plan) {
          if (step === 1) talk.provider.plan = ['call', 'call', 'answer'];
          await talk.ask(`question ${step}`);
        }
        const { requests, problems } = talk.provider;
        expect(problems).toEqual([]);
        requests.forEach((request, index) => {
          const before = requests[index - 1];
          expect(sealsOf(request).map(({ seal }) => seal)).toEqual(
            Array.from({ length: index }, (_, seal) => seal),
          );
          if (!before) return;
          const { length } = before.messages;
          expect(prefixOf(request, length)).toBe(prefixOf(before, length));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('start over when the tools change, and keep later reasoning', async () => {
    const { ask, provider, frame } = await aTalk();
    await ask('one');
    frame.tools = ['read', 'write'];
    await ask('two');
    await ask('three');
    const seals = provider.requests.map((request) => sealsOf(request).map(({ seal }) => seal));
    expect(seals).toEqual([[], [], [1]]);
  });

  it('start over when a provider rejects its own reasoning, and retry once without it', async () => {
    const { ask, provider } = await aTalk();
    await ask('one');
    provider.takesNone = true;
    expect(await ask('two')).toBeUndefined();
    provider.takesNone = false;
    await ask('three');
    const seals = provider.requests.map((request) => sealsOf(request).map(({ seal }) => seal));
    expect(seals).toEqual([[], [0], [], [1]]);
    expect(provider.problems).toEqual([]);
  });
});
