import type { SessionStore } from '../ports/session-store.ts';
import { isNote, type PromptMessage } from '../session/message.ts';
import type { Part } from '../session/part.ts';
import type { ContextBudget } from './context-budget.ts';
import { findContext, type FoundContext } from './context-note.ts';
import { readBackwards } from './read-backwards.ts';

// Reads this multiple of the budget, to find the turns that fit.
const READ_SHARE = 1.2;
// Characters of a token; only to know when to stop.
const USUAL_LENGTH = 4;

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
