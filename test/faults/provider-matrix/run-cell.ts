import {
  newId,
  silentLogger,
  SynapseError,
  textOf,
  withRetries,
  type Message,
  type ModelProvider,
  type Store,
} from '@synapse/core';
import { runTurn, toRequestMessages, type TurnOptions } from '@synapse/core/conversation';
import { withoutRefusedTools } from '@synapse/core/models';
import { messagePages } from '@synapse/portability';
import { allowAll, FakeTools, type FakeCall } from '../../fakes/fake-tools.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';
import type { RecordedRequest, Reply } from '../../support/provider-double.ts';
import { eventStream } from '../../support/replies.ts';
import type { Json } from '../../support/validators/problems.ts';
import type { Bench } from './bench.ts';
import { API_KEY, MOST_ROUNDS, type MatrixCase, type Scene } from './matrix-case.ts';
import type { Tongue } from './tongue.ts';
import { scriptedContext } from '../../fakes/scripted-context.ts';

export const QUESTION = 'What does a.txt say?';
const NEXT_QUESTION = 'And now?';
const NAME = 'double';
const MODEL = 'double-1';
const IMPATIENT_MS = 1000;
const HANG_MS = 60_000;

export interface Cell {
  tongue: Tongue;
  scene: Scene;
  theCase: MatrixCase;
}

/** All that came of one turn with a fault in it, and of a next one without. */
export interface CellRun {
  /** As another connection finds it behind the turn with the fault. */
  stored: Message[];
  /** The same behind the next turn. */
  storedAfterNext: Message[];
  error: unknown;
  nextError: unknown;
  /** What was shown to the person, beside the answer. */
  notices: string[];
  /** The requests of the turn with the fault, and of the next one. */
  requests: RecordedRequest[];
  nextRequests: RecordedRequest[];
  waitsMs: number[];
  calls: FakeCall[];
  /** Requests that were made though another connection did not find the question. */
  unstoredRequests: number;
  /** What of the bodies the API would have refused. */
  problems: string[];
}

/** A session of its own, in which a question meets a fault, and another one follows. */
export async function runCell(bench: Bench, cell: Cell, replies: Reply[]): Promise<CellRun> {
  const { double, store, witness, places } = bench;
  const { tongue, scene, theCase } = cell;
  const { id } = await store.sessions.create({ id: newId(), createdAt: new Date() });
  const clock = new SkippingClock();
  const tools = new FakeTools({ read: () => 'It says hello.', list: () => 'a.txt' });
  const firstRequest = double.requests.length;
  const run = { unstoredRequests: 0, notices: [] as string[] };

  const address = theCase.url?.(places) ?? double.url;
  const patience = theCase.isImpatient
    ? { connectTimeoutMs: IMPATIENT_MS, idleTimeoutMs: IMPATIENT_MS }
    : {};
  const adapter = tongue.createProvider({
    name: NAME,
    apiKey: API_KEY,
    baseUrl: tongue.name === 'anthropic' ? address : `${address}/v1`,
    ...patience,
  });

  const ask = async (question: string, provider: ModelProvider): Promise<unknown> => {
    const options: TurnOptions = {
      sessions: store.sessions,
      sessionId: id,
      lease: null,
      provider,
      model: MODEL,
      parts: [{ type: 'text', text: question }],
      context: scriptedContext(async (definitions) => ({
        model: MODEL,
        systemPrompt: null,
        messages: await toRequestMessages(await allMessages(store, id), store.attachments, {
          provider: NAME,
          model: MODEL,
        }),
        tools: definitions,
        maxOutputTokens: null,
        temperature: null,
        outputSchema: null,
        cacheKey: null,
      })),
      tools:
        scene === 'alone'
          ? undefined
          : { sources: [tools], approver: allowAll, maxRounds: MOST_ROUNDS },
      prices: { costOf: () => null },
      clock,
      logger: silentLogger,
      signal: AbortSignal.timeout(HANG_MS),
    };
    try {
      for await (const event of runTurn(options)) {
        if (event.type === 'notice') run.notices.push(event.text);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  };

  const watched = watch(adapter, async () => {
    const found = await allMessages(witness, id);
    const isFound = found.some((message) => textOf(message.parts) === QUESTION);
    if (!isFound) run.unstoredRequests += 1;
  });
  const retries = { clock, ...(theCase.isImpatient && { maxAttempts: 2 }) };
  const well = eventStream(...tongue.toWire({ text: ['Well, hello.'] }));
  double.script(...replies, well);
  const error = await ask(QUESTION, withRetries(withoutRefusedTools(watched), retries));
  const stored = await allMessages(witness, id);
  const nextRequest = double.requests.length;
  const calls = [...tools.calls];

  double.script(well);
  const home = tongue.createProvider({
    name: NAME,
    apiKey: API_KEY,
    baseUrl: tongue.name === 'anthropic' ? double.url : `${double.url}/v1`,
  });
  const nextError = await ask(NEXT_QUESTION, home);
  const requests = double.requests.slice(firstRequest);
  return {
    ...run,
    stored,
    storedAfterNext: await allMessages(witness, id),
    error,
    nextError,
    requests: requests.slice(0, nextRequest - firstRequest),
    nextRequests: requests.slice(nextRequest - firstRequest),
    waitsMs: clock.sleeps,
    calls,
    problems: requests.flatMap((request) => tongue.problems(request.json() as Json)),
  };
}

/** The provider, behind somebody who looks each time before it is asked. */
function watch(provider: ModelProvider, look: () => Promise<void>): ModelProvider {
  return {
    name: provider.name,
    listModels: (signal) => provider.listModels(signal),
    async *stream(request, signal) {
      await look();
      yield* provider.stream(request, signal);
    },
  };
}

async function allMessages(store: Store, sessionId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const page of messagePages(store.sessions, sessionId)) messages.push(...page);
  return messages;
}

export function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof SynapseError ? error.code : `a bug: ${(error as Error).message}`;
}
