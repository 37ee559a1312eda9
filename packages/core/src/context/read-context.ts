import type { SessionStore } from '../ports/session-store.ts';
import { wasAskedOf, type Answerer } from '../providers/is-same-model.ts';
import { lengthOf } from '../session/message-length.ts';
import { isNote, type PromptMessage, type Message, type NewMessage } from '../session/message.ts';
import type { Part, ContextPart } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import type { ContextBudget } from './context-budget.ts';
import { WHOLE_CONTEXT } from './context-note.ts';

// Reads this multiple of the budget, to find the turns that fit.
const READ_SHARE = 1.2;
// Characters of a token; only to know when to stop.
const USUAL_LENGTH = 4;
// A message may have 16 MiB: the page before tells how long this session's messages are.
const FIRST_PAGE = 50;
const SMALLEST_PAGE = 5;
const LARGEST_PAGE = 500;
const PAGE_LENGTH = 1 << 22;
// One message is enough, unless the model was just changed or an answer was cut off.
const ANSWERS = 5;

export interface FoundContext {
  context: ContextPart;
  /** The note that records it; null if there is none. */
  note: Message | null;
}

export async function findContext(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
): Promise<FoundContext> {
  const [note] = await sessions.messages(sessionId, { limit: 1, role: 'context' });
  const context = note?.parts.find((part) => part.type === 'context');
  return { context: context ?? WHOLE_CONTEXT, note: note ?? null };
}

export interface ReadContext extends FoundContext {
  /** The messages that are not left out, the pinned ones, and the last question; without notes. */
  messages: PromptMessage[];
  /** Whether there is more to read, which could not be sent anyway. */
  isCut: boolean;
}

/**
 * Reads from the newest message backwards, until the context begins or until nothing more would
 * fit. The time does not depend on the length of the session.
 */
export async function readContext(
  sessions: Pick<SessionStore, 'messages' | 'promptMessages'>,
  sessionId: string,
  budget: ContextBudget,
): Promise<ReadContext> {
  const found = await findContext(sessions, sessionId);
  const { leftOutSeq, pinnedSeqs } = found.context;
  const mostTokens = (budget.tokens ?? Infinity) * READ_SHARE;
  const mostMessages = (budget.messages ?? Infinity) * READ_SHARE;
  const pages: PromptMessage[][] = [];
  let messageCount = 0;
  let tokens = 0;
  let isCut = false;
  const read = readBackwards((page) => sessions.promptMessages(sessionId, page), {
    after: leftOutSeq,
  });
  for await (const { messages: page, isLast } of read) {
    const withoutNotes = page.some(isNote) ? page.filter((message) => !isNote(message)) : page;
    pages.unshift(withoutNotes);
    messageCount += withoutNotes.length;
    tokens += withoutNotes.reduce((sum, { parts }) => sum + charactersOf(parts), 0) / USUAL_LENGTH;
    isCut = !isLast && (tokens > mostTokens || messageCount > mostMessages);
    if (isCut) break;
  }
  const messages = pages.flat();
  const first = messages[0]?.seq ?? Infinity;
  const older = pinnedSeqs.filter((seq) => seq < first);
  const kept = await Promise.all(older.map((seq) => messageAt(sessions, sessionId, seq)));
  const [question] = messages.some(({ role }) => role === 'user')
    ? []
    : await sessions.promptMessages(sessionId, { limit: 1, role: 'user' });
  const ahead = new Map([...kept.flat(), ...(question ? [question] : [])].map((m) => [m.seq, m]));
  const sorted = [...ahead.values()].sort((a, b) => a.seq - b.seq);
  return { ...found, messages: [...sorted, ...messages], isCut };
}

async function messageAt(
  sessions: Pick<SessionStore, 'promptMessages'>,
  sessionId: string,
  seq: number,
): Promise<PromptMessage[]> {
  const page = await sessions.promptMessages(sessionId, { limit: 1, after: seq - 1 });
  return page.filter((message) => message.seq === seq);
}

function charactersOf(parts: readonly Part[]): number {
  return parts.reduce(addCharacters, 0);
}

function addCharacters(sum: number, part: Part): number {
  return sum + (part.type === 'text' ? part.text.length : JSON.stringify(part).length);
}

interface BackwardsPage<M> {
  messages: M[];
  /** Whether the range has nothing older. */
  isLast: boolean;
}

/**
 * The messages between `after` and `before`, from the newest page to the oldest; pages of long
 * messages are shorter.
 */
export async function* readBackwards<M extends Pick<PromptMessage, 'seq' | 'parts'>>(
  read: (page: { limit: number; before: number | undefined }) => Promise<M[]>,
  { before, after }: { before?: number; after: number },
): AsyncGenerator<BackwardsPage<M>> {
  let limit = FIRST_PAGE;
  let end = before;
  for (;;) {
    const page = await read({ limit, before: end });
    end = page[0]?.seq ?? 0;
    const isLast = page.length < limit || end <= after + 1;
    const isWhole = end > after;
    yield { messages: isWhole ? page : page.filter(({ seq }) => seq > after), isLast };
    if (isLast) return;
    const length = page.reduce((sum, { parts }) => sum + lengthOf(parts), 1) / page.length;
    limit = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, Math.floor(PAGE_LENGTH / length)));
  }
}

/** The tokens that the provider has counted for this context. */
export interface Reported {
  /** The answer `seq`, and the request that it answers. */
  usage: Usage;
  /** The tokens of the answer in later requests. */
  answerTokens: number;
  seq: number;
}

/** Reads the newest answer after `noteSeq` that this model gave with the present context. */
export async function findReported(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  noteSeq: number,
  answerer: Answerer,
): Promise<Reported | null> {
  const newest = await sessions.messages(sessionId, { limit: ANSWERS, role: 'assistant' });
  const answer = newest.findLast((message) => isCountedBy(answerer, message));
  if (!answer?.usage || answer.seq < noteSeq) return null;
  return { usage: answer.usage, answerTokens: answerTokensOf(answer), seq: answer.seq };
}

/** The tokens of an answer in later requests: its reasoning counts only if it is sent again. */
export function answerTokensOf({ usage, parts }: Pick<NewMessage, 'usage' | 'parts'>): number {
  if (usage === null) return 0;
  const isReplayed = parts.some((part) => part.type === 'reasoning' && part.replay !== undefined);
  return isReplayed ? usage.outputTokens : Math.max(0, usage.outputTokens - usage.reasoningTokens);
}

function isCountedBy(answerer: Answerer, message: Message): boolean {
  const { usage } = message;
  if (!usage || usage.estimated || usage.inputTokens === 0) return false;
  return wasAskedOf(answerer, message);
}
