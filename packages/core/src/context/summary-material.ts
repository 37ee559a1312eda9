import type { SessionStore } from '../ports/session-store.ts';
import { lengthOf } from '../session/message-length.ts';
import { isNote, type Message } from '../session/message.ts';
import { estimateTokens } from '../usage/estimate-tokens.ts';
import { estimateMessageTokens } from '../usage/estimate-usage.ts';
import { readBackwards } from './read-context.ts';
import type { MeasuredContext } from './session-context.ts';
import { toSummaryText } from './summary-prompt.ts';
import { summaryMessage } from './view-context.ts';

// The most text for one summary: a model that has to read too much forgets most of it.
const MAX_CHUNK_TOKENS = 60_000;
// Messages that were left out long ago stay out: reading them again costs more than it gains.
const MAX_MESSAGES = 2_000;
const MAX_TOKENS = 600_000;
// Characters of an ASCII text, on average.
const LONGEST_TOKEN = 8;

/** A message in the form in which it is summarised. */
export interface SummaryEntry {
  seq: number;
  text: string;
  tokens: number;
  /** Its tokens in a request, as a lower bound. */
  replacedTokens: number;
}

/** The material of one call of the model. */
export interface SummaryChunk {
  entries: SummaryEntry[];
  /** The summary covers the session up to this message. */
  lastSeq: number;
}

/**
 * The content of the next summary: everything in the request that is older than `endSeq`, and the
 * newest messages that were left out without a summary. Only texts stay in memory, however long the
 * session is.
 */
export async function readMaterial(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { context, messages: measured, isCut }: MeasuredContext,
  endSeq: number,
): Promise<SummaryEntry[]> {
  const { summarySeq, leftOutSeq, pinnedSeqs } = context;
  const isSent = ({ seq }: { seq: number }) => seq > leftOutSeq && !pinnedSeqs.includes(seq);
  const firstSeq = (isCut ? measured.find(isSent)?.seq : undefined) ?? leftOutSeq + 1;
  const entries: SummaryEntry[] = [];
  let tokens = 0;
  const read = readBackwards((page) => sessions.messages(sessionId, page), {
    ...{ before: endSeq + 1, after: summarySeq },
  });
  for await (const { messages } of read) {
    for (const message of messages.toReversed()) {
      const isEnough = tokens >= MAX_TOKENS || entries.length >= MAX_MESSAGES;
      if (isEnough && message.seq < firstSeq) return entries.reverse();
      if (isNote(message)) continue;
      const entry = toEntry(message);
      tokens += entry.tokens;
      entries.push(entry);
    }
  }
  return entries.reverse();
}

function toEntry(message: Message): SummaryEntry {
  const text = toSummaryText(message);
  const tokens = estimateTokens(text);
  const replacedTokens = Math.max(tokens, lengthOf(message.parts) / LONGEST_TOKEN);
  return { seq: message.seq, text, tokens, replacedTokens };
}

/** As many entries as fit into one call, at least one; the last chunk reaches to `endSeq`. */
export function toChunks(
  entries: readonly SummaryEntry[],
  maxInputTokens: number | null,
  endSeq: number,
): SummaryChunk[] {
  const most = Math.min(MAX_CHUNK_TOKENS, (maxInputTokens ?? Infinity) * 0.5);
  const chunks: SummaryChunk[] = [];
  let tokens = 0;
  for (const entry of entries) {
    const chunk = chunks.at(-1);
    if (chunk && tokens + entry.tokens <= most) {
      chunk.entries.push(entry);
      chunk.lastSeq = entry.seq;
      tokens += entry.tokens;
    } else {
      chunks.push({ entries: [entry], lastSeq: entry.seq });
      tokens = entry.tokens;
    }
  }
  const last = chunks.at(-1);
  if (last) last.lastSeq = endSeq;
  return chunks;
}

/** A lower bound for the tokens of the entries and the earlier summary. */
export function replacedTokensOf(entries: readonly SummaryEntry[], summary: string | null): number {
  const before = summary === null ? 0 : estimateMessageTokens(summaryMessage(summary));
  return entries.reduce((sum, { replacedTokens }) => sum + replacedTokens, before);
}
