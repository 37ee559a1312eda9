import { join } from 'node:path';
import {
  InterruptedError,
  silentLogger,
  withRetries,
  type ModelProvider,
  type Part,
  type Store,
  type Tool,
  type ToolOutput,
  type ToolSource,
} from '@synapse/core';
import {
  compactSession,
  defaultContextSettings,
  pinMessage,
  resetContext,
  runTurn,
  SessionContext,
  type TurnEvent,
} from '@synapse/core/conversation';
import { withFallback, withoutRefusedTools } from '@synapse/core/models';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { allowAll } from '../../fakes/fake-tools.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';
import { aSession } from '../../support/samples.ts';
import type { StrictHost } from './strict-host.ts';
import { STRICT_SERVERS, type StrictServer } from './strict-server.ts';

const HANG_MS = 60_000;
const ROUNDS = 9;
/** Less than a few turns. */
const LITTLE_ROOM = 900;

export interface SessionPlace {
  host: StrictHost;
  server: StrictServer;
  folder: string;
  random: () => number;
}

/** One session that is asked in again and again, while all around it changes. */
export class LongSession implements ToolSource {
  readonly name = 'bench';
  readonly host: StrictHost;
  readonly failures: string[] = [];
  server: StrictServer;
  model: string;
  systemPrompt = 'Be brief.';
  toolNames = ['read', 'look'];
  maxTokens: number | null = null;
  /** Called when a tool begins. */
  onCall: () => void = () => undefined;
  turns = 0;
  readonly #path: string;
  readonly #random: () => number;
  readonly #clock = new SkippingClock();
  #providers = new Map<string, ModelProvider>();
  #store: Store;
  #sessionId = '';

  static async open({ host, server, folder, random }: SessionPlace): Promise<LongSession> {
    const path = join(folder, `${server.name}-${random()}.db`);
    const session = new LongSession(host, server, path, random, await openSqliteStore({ path }));
    const { id } = await session.#store.sessions.create(aSession());
    session.#sessionId = id;
    return session;
  }

  private constructor(
    host: StrictHost,
    server: StrictServer,
    path: string,
    random: () => number,
    store: Store,
  ) {
    this.host = host;
    this.server = server;
    this.model = server.models[0];
    this.#path = path;
    this.#random = random;
    this.#store = store;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  get writer() {
    const { sessions } = this.#store;
    return { sessions, sessionId: this.#sessionId, lease: null, clock: this.#clock };
  }

  /** As another process finds it: nothing is remembered but what is stored. */
  async resume(): Promise<void> {
    await this.#store.close();
    this.#store = await openSqliteStore({ path: this.#path });
    this.#providers = new Map();
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  /** Asks, and notes a failure that nobody has planned. */
  async ask(more: readonly Part[] = [], wanted: 'answer' | 'failure' = 'answer'): Promise<void> {
    const { host } = this;
    const { lessons } = host.figures;
    let error = await this.#turn([{ type: 'text', text: `question ${this.turns}` }, ...more]);
    // A model without eyes refuses a question with an image once, and then answers the next one.
    if (error && host.figures.lessons > lessons) {
      error = await this.#turn([{ type: 'text', text: 'And without it?' }]);
    }
    if (wanted === 'answer' && error) this.failures.push(`a turn failed: ${reasonOf(error)}`);
    if (wanted === 'failure' && !error) this.failures.push('a turn that was to fail did not');
    host.plan = [];
    host.down = null;
  }

  /** Asks, and leaves when the first words come. */
  async askAndLeave(): Promise<void> {
    this.host.plan = [{ end: 'hang' }];
    await this.#leaveWhen(({ type }) => type === 'text-delta');
  }

  /** Asks, and leaves while the first of two tools runs. */
  async askAndLeaveTools(): Promise<void> {
    this.host.plan = [{ calls: 2 }];
    await this.#leaveWhen(({ type }) => type === 'tool-start');
  }

  async compact(): Promise<void> {
    const provider = this.#providerOf(this.server);
    const report = await compactSession({
      ...this.writer,
      context: this.#context(),
      openSummarizer: async () => ({
        ...{ provider, model: this.model, clock: this.#clock },
        ...{ prices: { costOf: () => null }, maxInputTokens: null },
      }),
      signal: AbortSignal.timeout(HANG_MS),
      isForced: true,
    });
    const { outcome, reason } = report;
    // Of a short session a summary may be no shorter.
    if (outcome === 'failed' && !/no shorter|larger/.test(reason ?? '')) {
      this.failures.push(`no summary: ${reason ?? ''}`);
    }
  }

  async cut(): Promise<void> {
    this.maxTokens = LITTLE_ROOM;
    await this.ask();
    this.maxTokens = null;
  }

  async pin(): Promise<void> {
    await pinMessage(this.writer, 1, true);
  }

  async reset(): Promise<void> {
    await resetContext(this.writer);
  }

  async image(): Promise<Part> {
    return { type: 'image', attachment: await this.#putImage() };
  }

  async list(): Promise<Tool[]> {
    return this.toolNames.map((name) => ({
      name,
      description: `It does ${name}.`,
      inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
      effect: 'read',
    }));
  }

  async call(name: string, { path }: Record<string, unknown>, signal: AbortSignal) {
    this.onCall();
    signal.throwIfAborted();
    const attachments = name === 'look' ? [await this.#putImage()] : [];
    const output = `${String(path)} holds ${'some words '.repeat(60)}`;
    return { output, isError: false, attachments } satisfies ToolOutput;
  }

  #putImage() {
    const bytes = Buffer.from(`an image of turn ${this.turns}, ${this.#random()}`);
    return this.#store.attachments.put({ bytes, mediaType: 'image/png', name: 'a.png' });
  }

  async #leaveWhen(isTime: (event: TurnEvent) => boolean): Promise<void> {
    const leaving = new AbortController();
    const error = await this.#turn(
      [{ type: 'text', text: 'Too long?' }],
      leaving.signal,
      (event) => {
        if (isTime(event)) leaving.abort(new InterruptedError('The person has left.'));
      },
    );
    if (!(error instanceof InterruptedError)) this.failures.push(`not left: ${reasonOf(error)}`);
    this.host.plan = [];
  }

  async #turn(
    parts: Part[],
    signal: AbortSignal = AbortSignal.timeout(HANG_MS),
    onEvent: (event: TurnEvent) => void = () => undefined,
  ): Promise<unknown> {
    this.turns += 1;
    const context = this.#context();
    const { clock, ...writer } = this.writer;
    const turn = runTurn({
      ...{ ...writer, parts, clock, signal, model: this.model, logger: silentLogger },
      provider: this.#withOther(),
      context,
      tools: { sources: [this], approver: allowAll, maxRounds: ROUNDS },
      prices: { costOf: () => null },
    });
    try {
      for await (const event of turn) onEvent(event);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #context(): SessionContext {
    return new SessionContext({
      ...{ sessions: this.#store.sessions, attachments: this.#store.attachments },
      ...{ sessionId: this.#sessionId, systemPrompt: this.systemPrompt },
      answerer: { provider: this.server.name, model: this.model },
      limits: { contextTokens: null, maxOutputTokens: null },
      settings: { ...defaultContextSettings, maxTokens: this.maxTokens, keepRecent: 2 },
      listTools: () => this.list(),
    });
  }

  /** Another server is asked where this one is down. */
  #withOther(): ModelProvider {
    const others = STRICT_SERVERS.filter(({ name }) => name !== this.server.name);
    const other = this.pick(others);
    const link = { provider: this.#providerOf(other), model: other.models[0] };
    return withFallback(this.#providerOf(this.server), [link]);
  }

  #providerOf(server: StrictServer): ModelProvider {
    const known = this.#providers.get(server.name);
    if (known) return known;
    const adapter = withoutRefusedTools(server.createProvider(this.host.urlOf(server)));
    const provider = withRetries(adapter, { clock: this.#clock, maxAttempts: 2 });
    this.#providers.set(server.name, provider);
    return provider;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
}
