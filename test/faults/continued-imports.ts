import { openConversation } from '@synapse/app';
import { withRetries, type Message, type Store } from '@synapse/core';
import { withoutRefusedTools } from '@synapse/core/models';
import { detectHistory, importHistory } from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import fc from 'fast-check';
import { writers } from '../contracts/history-format/index.ts';
import {
  anyHistory,
  type HistoryWriter,
  type WrittenHistory,
} from '../contracts/history-format/written-history.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { allowAll, FakeTools } from '../fakes/fake-tools.ts';
import { SkippingClock } from '../fakes/skipping-clock.ts';
import { changedDatabase } from '../support/foreign-database.ts';
import { historyFile, sessionsIn } from '../support/imported-histories.ts';
import { imageProblems } from '../support/validators/image-problems.ts';
import { randomFrom, scaled, type Fault, type Figures } from './fault.ts';
import { mutate } from './fuzzed-imports.ts';
import { STRICT_SERVERS, StrictHost, type StrictServer } from './strict-servers/index.ts';

/** F11 */
export const continuedImports: Fault = {
  id: 'F11',
  what: 'sessions of other tools that continue with servers that refuse what the real ones refuse',
  async run(tier, seed) {
    const figures = emptyFigures();
    for (const writer of writers) {
      await continueHistories({ writer, seed, perKind: scaled(tier, 1, 12, 100) }, figures);
    }
    figures.unseen_sabotage = await unseenSabotage(seed);
    return figures;
  },
  holds: ({ sessions, calls, images, refused, failed, missing, unseen_sabotage }) =>
    [sessions, calls, images].every((count) => count! > 0) &&
    [refused, failed, missing, unseen_sabotage].every((count) => count === 0),
};

export function emptyFigures(): Figures {
  return { sessions: 0, requests: 0, calls: 0, images: 0, refused: 0, failed: 0, missing: 0 };
}

interface Continuation {
  writer: HistoryWriter;
  seed: number;
  /** How many histories of each kind are written. */
  perKind: number;
  /** With how many servers each of them continues, in turn; by default with all. */
  serversEach?: number;
  /** Changes each request before it is judged. */
  sabotage?: StrictHost['sabotage'];
}

/**
 * Writes histories of a tool, whole, odd, cut off and changed; imports them, and continues each session with each
 * server. Every text of the session must be in the request.
 */
export async function continueHistories(
  { writer, seed, perKind, serversEach = STRICT_SERVERS.length, sabotage = null }: Continuation,
  figures: Figures,
): Promise<void> {
  const random = randomFrom(seed);
  const files: Buffer[] = [];
  for (const kind of [anyHistory, oddHistory]) {
    for (const history of fc.sample(kind, { seed, numRuns: perKind })) {
      const bytes = Buffer.from(await writer.write([history]));
      const at = 0.5 + random() / 2;
      files.push(bytes, bytes.subarray(0, Math.floor(bytes.length * at)), changed(bytes, random));
      files.push(await withoutEnd(bytes, random));
    }
  }
  const host = await StrictHost.open();
  host.sabotage = (body) => {
    figures.images! += imageProblems(body).length;
    sabotage?.(body);
  };
  try {
    for (const [index, bytes] of files.entries()) {
      for (let count = 0; count < serversEach; count += 1) {
        const server = STRICT_SERVERS[(index * serversEach + count) % STRICT_SERVERS.length]!;
        const store = createMemoryStore();
        const file = historyFile(writer.path, bytes);
        const format = await detectHistory(file).catch(() => null);
        if (!format) break;
        await importHistory(store, file, format);
        for (const { session } of await sessionsIn(store)) {
          await continueSession({ host, server, store, sessionId: session.id }, figures);
        }
      }
    }
    for (const problem of host.problems) figures[`${writer.path}: ${problem}`] = 1;
    figures.requests! += host.figures.requests;
    figures.refused! += host.problems.length;
  } finally {
    await host.close();
  }
}

interface Place {
  host: StrictHost;
  server: StrictServer;
  store: Store;
  sessionId: string;
}

async function continueSession(
  { host, server, store, sessionId }: Place,
  figures: Figures,
): Promise<void> {
  const [model] = server.models;
  const adapter = withoutRefusedTools(server.createProvider(host.urlOf(server)));
  const provider = withRetries(adapter, { clock: new SkippingClock(), maxAttempts: 2 });
  const tools = [new FakeTools({ read: () => 'content of a file' })];
  const more = { session: sessionId, tools, approver: allowAll, clock: new FakeClock() };
  const messages = await store.sessions.messages(sessionId, { limit: 500 });
  const conversation = await openConversation({ store, provider, model, ...more });
  let asked: unknown = null;
  const remember = host.sabotage;
  host.sabotage = (body) => {
    asked ??= body;
    remember?.(body);
  };
  host.plan = [{ calls: 1 }];
  try {
    const { lessons } = host.figures;
    const first = await conversation.send('And now?').catch(toError);
    // A server that takes no images refuses a question once, and then takes the next one.
    const isLesson = first instanceof Error && host.figures.lessons > lessons;
    const answer = isLesson ? await conversation.send('Without it?').catch(toError) : first;
    figures.sessions! += 1;
    figures.calls! += tools[0]?.calls.length ?? 0;
    if (answer instanceof Error) {
      figures.failed! += 1;
      figures[`${server.name} failed: ${answer.name} ${answer.message}`] = 1;
    }
    const sent = JSON.stringify(asked);
    for (const text of textsOf(messages)) {
      // UTF-8 has no lone surrogates.
      if (sent.includes(JSON.stringify(text.toWellFormed()).slice(1, -1))) continue;
      figures.missing! += 1;
      figures[`${server.name} did not get: ${text}`] = 1;
    }
  } finally {
    host.plan = [];
    host.sabotage = remember;
    await conversation.close();
  }
}

/** What a model must get of a session. No model takes a result without its call. */
function textsOf(messages: readonly Message[]): string[] {
  const parts = messages.flatMap((one) => (one.status === 'complete' ? one.parts : []));
  const called = new Set(parts.map((part) => (part.type === 'tool-call' ? part.id : null)));
  return parts.flatMap((part) => {
    if (part.type === 'text') return [part.text.trim()];
    return part.type === 'tool-result' && called.has(part.id) ? [part.output.trim()] : [];
  });
}

/** A history that a tool writes rarely: with names that no provider takes, and nothing where something should be. */
const oddHistory: fc.Arbitrary<WrittenHistory> = fc
  .tuple(
    anyHistory,
    fc.array(
      fc.record({
        name: fc.constantFrom('', 'mcp: a/b.c', 'n'.repeat(90), 'ä', '1', 'read'),
        blank: fc.constantFrom('', ' ', '\n'),
        blanked: fc.constantFrom('prompt', 'answer', 'reasoning', 'output', null),
      }),
      { minLength: 5, maxLength: 5 },
    ),
  )
  .map(([history, odds]) => ({
    ...history,
    turns: history.turns.map((turn, index) => {
      const { name = '', blank = '', blanked = null } = odds[index] ?? {};
      const output = blanked === 'output' ? blank : 'done';
      const call = { name, input: turn.call?.input ?? {}, output, image: turn.image };
      return {
        ...turn,
        call,
        ...(blanked !== null && blanked !== 'output' && { [blanked]: blank }),
      };
    }),
  }));

function changed(bytes: Buffer, random: () => number): Buffer {
  // Each byte is a character, so that those of a database are, too.
  return Buffer.from(mutate(bytes.toString('latin1'), random).toString('utf8'), 'latin1');
}

/** A whole file, of whose records the last ones are missing: an answer, a result, or a part of them. */
async function withoutEnd(bytes: Buffer, random: () => number): Promise<Buffer> {
  const tables = [...bytes.toString('latin1').matchAll(/create table (messages?|parts?) /gi)];
  if (tables.length > 0) {
    const name = tables[Math.floor(random() * tables.length)]?.[1];
    const last = `select rowid from ${name} order by rowid desc limit ${1 + Math.floor(random() * 4)}`;
    return Buffer.from(
      await changedDatabase(bytes, `delete from ${name} where rowid in (${last})`),
    );
  }
  try {
    const whole: unknown = JSON.parse(bytes.toString().replace('\uFEFF', ''));
    const lists = listsIn(whole);
    const list = lists[Math.floor(random() * lists.length)];
    list?.splice(1 + Math.floor(random() * list.length));
    return Buffer.from(JSON.stringify(whole));
  } catch {
    // Files of lines are cut off elsewhere.
    return bytes;
  }
}

/** All lists of more than one value, however deep. */
function listsIn(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(listsIn);
  return Array.isArray(value) && value.length > 1 ? [value, ...inside] : inside;
}

/** 1 if all servers take a request from which a message was removed: the judges are blind then. */
async function unseenSabotage(seed: number): Promise<number> {
  const figures = emptyFigures();
  const sabotage: StrictHost['sabotage'] = (body) => {
    const list = (body.messages ?? body.input) as unknown[];
    if (list.length > 3) list.splice(2, 1);
  };
  const [writer] = writers;
  if (writer) await continueHistories({ writer, seed, perKind: 1, sabotage }, figures);
  return figures.refused! > 0 ? 0 : 1;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
