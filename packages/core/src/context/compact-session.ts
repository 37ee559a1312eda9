import { askAside, type AsideAnswer, type AsideModel } from '../conversation/ask-aside.ts';
import type { StoredMessage } from '../conversation/clean-parts.ts';
import { InterruptedError, LimitReachedError } from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import type { SessionStore } from '../ports/session-store.ts';
import { isNote, type Message, type MessageError } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import { estimateTokens } from '../usage/estimate-tokens.ts';
import { estimateMessageTokens } from '../usage/estimate-usage.ts';
import { storeContext, type NoteWriter } from './context-note.ts';
import type { MeasuredContext, SessionContext } from './session-context.ts';
import { SUMMARY_INSTRUCTIONS, toSummaryText } from './summary-prompt.ts';
import { summaryMessage } from './view-context.ts';

const MAX_SUMMARY_TOKENS = 2_000;
// Of what is summarised at once: a model that has to read too much forgets most of it.
const MAX_CHUNK_TOKENS = 60_000;
// What was left out long ago stays out: to read it all again would cost more than it brings.
const MAX_MESSAGES = 2_000;
// After a failure the next try waits for so many messages.
const PAUSE_MESSAGES = 10;
const PAGE = 200;

export interface CompactOptions extends NoteWriter {
  sessions: Pick<SessionStore, 'append' | 'messages'>;
  context: SessionContext;
  /** Who writes the summary; opened where there is one to write. */
  openSummarizer: () => Promise<Summarizer>;
  /** Asked before each call; throws where no more may be spent. */
  checkBudget?: ((spentNanoUsd: number) => void) | undefined;
  signal: AbortSignal;
  /** Whatever there is room for: the person said so. */
  isForced?: boolean | undefined;
}

export interface Summarizer extends AsideModel {
  /** How much it may be given at once; null where nobody knows. */
  maxInputTokens: number | null;
}

export interface CompactReport {
  outcome: 'not-needed' | 'summarised' | 'failed';
  tokensBefore: number;
  tokensAfter: number;
  costNanoUsd: number;
  /** Why nothing came of it. */
  reason: string | null;
}

/**
 * Puts a summary in the place of older turns once the context grows near its budget. What is
 * summarised stays in the session, and every step is stored when it is done; where a summary is
 * empty, cut off, no shorter than what it stands for, or doesn't come, the context stays as it was.
 */
export async function compactSession(options: CompactOptions): Promise<CompactReport> {
  const { context, isForced = false } = options;
  const { settings } = context.options;
  const measured = await context.measure();
  const before = measured.tokensOf(measured.context);
  const report: CompactReport = {
    ...{ outcome: 'not-needed', tokensBefore: before, tokensAfter: before },
    ...{ costNanoUsd: 0, reason: null },
  };
  const goal = isForced ? 0 : (measured.budget.tokens ?? Infinity) * settings.summarizeAt;
  if (!isForced && (settings.strategy !== 'auto' || before <= goal || isPaused(measured))) {
    return report;
  }
  const endSeq = lastSeqToSummarise(measured, isForced ? 2 : settings.keepRecent);
  if (endSeq <= measured.context.summarySeq)
    return { ...report, reason: 'There is nothing older to summarise.' };

  const summarizer = await options.openSummarizer();
  let current = measured.context;
  while (current.summarySeq < endSeq) {
    const chunk = await readChunk(options, summarizer, current, endSeq);
    const { costNanoUsd, next, reason } = await summarise(
      options,
      summarizer,
      current,
      chunk,
      report,
    );
    report.costNanoUsd += costNanoUsd;
    if (next === null) return { ...report, outcome: 'failed', reason };
    current = next;
  }
  const after = await context.measure();
  const tokensAfter = after.tokensOf(after.context);
  return { ...report, outcome: 'summarised', tokensAfter };
}

/** The end of the last turn that is older than what is kept; that of the summary where there is none. */
function lastSeqToSummarise({ messages, context }: MeasuredContext, keepRecent: number): number {
  const { summarySeq, leftOutSeq } = context;
  const firstKept = messages.at(-Math.max(1, keepRecent))?.seq ?? 0;
  const border =
    messages.findLast(({ role, seq }) => role === 'user' && seq <= firstKept)?.seq ?? 0;
  const hasOlder = messages.some(({ seq }) => seq > summarySeq && seq < border);
  return hasOlder || leftOutSeq > summarySeq ? Math.max(summarySeq, border - 1) : summarySeq;
}

function isPaused({ note, messages }: MeasuredContext): boolean {
  if (note?.status !== 'failed' && note?.status !== 'interrupted') return false;
  return messages.filter(({ seq }) => seq > note.seq).length < PAUSE_MESSAGES;
}

interface Chunk {
  messages: Message[];
  lastSeq: number;
}

/** As many of the oldest messages without a summary as one call can take, at least one. */
async function readChunk(
  { sessions, sessionId }: CompactOptions,
  { maxInputTokens }: Summarizer,
  { summarySeq }: ContextPart,
  endSeq: number,
): Promise<Chunk> {
  const most = Math.min(MAX_CHUNK_TOKENS, (maxInputTokens ?? Infinity) * 0.5);
  const messages: Message[] = [];
  let lastSeq = Math.max(summarySeq, endSeq - MAX_MESSAGES);
  let tokens = 0;
  for (;;) {
    const page = await sessions.messages(sessionId, { limit: PAGE, after: lastSeq });
    for (const message of page) {
      if (message.seq > endSeq) return { messages, lastSeq: endSeq };
      tokens += isNote(message) ? 0 : estimateTokens(toSummaryText([message]));
      if (tokens > most && messages.length > 0) return { messages, lastSeq };
      lastSeq = message.seq;
      if (!isNote(message)) messages.push(message);
    }
    if (page.length < PAGE) return { messages, lastSeq: endSeq };
  }
}

interface SummaryStep {
  costNanoUsd: number;
  /** Null where no summary came of it, for the reason. */
  next: ContextPart | null;
  reason: string | null;
}

async function summarise(
  options: CompactOptions,
  summarizer: Summarizer,
  current: ContextPart,
  { messages, lastSeq }: Chunk,
  { costNanoUsd: spentNanoUsd }: CompactReport,
): Promise<SummaryStep> {
  const { checkBudget, signal } = options;
  const text = toSummaryText(messages, current.summary);
  checkBudget?.(spentNanoUsd);
  const question = {
    systemPrompt: SUMMARY_INSTRUCTIONS,
    text,
    answerTokens: MAX_SUMMARY_TOKENS,
  };
  const answer = await askAside(summarizer, question, signal);
  const costNanoUsd = answer.figures.cost?.nanoUsd ?? 0;
  const replaced = [
    ...messages,
    ...(current.summary === null ? [] : [summaryMessage(current.summary)]),
  ];
  const error = faultOf(answer, replaced, signal);
  if (error) {
    const status = signal.aborted ? 'interrupted' : 'failed';
    await storeContext(options, current, { ...answer.figures, status, error });
    return { costNanoUsd, next: null, reason: error.message };
  }
  const next = {
    ...current,
    summary: answer.text,
    summarySeq: lastSeq,
    leftOutSeq: Math.max(current.leftOutSeq, lastSeq),
  };
  await storeContext(options, next, answer.figures);
  return { costNanoUsd, next, reason: null };
}

/** What is wrong with a summary; null for a good one. */
function faultOf(
  answer: AsideAnswer,
  replaced: readonly StoredMessage[],
  signal: AbortSignal,
): MessageError | null {
  const { text, finishReason, error } = answer;
  if (signal.aborted) {
    const { reason } = signal as { reason: unknown };
    const isLimit = reason instanceof LimitReachedError;
    return toMessageError(isLimit ? reason : new InterruptedError('The summary was interrupted.'));
  }
  if (error !== null) {
    return error instanceof SynapseError
      ? toMessageError(error)
      : { code: 'SYNAPSE_BUG', message: 'An unexpected fault ended the summary.' };
  }
  const fault = (message: string) => ({ code: 'SYNAPSE_INVALID_DATA', message });
  if (text === '') return fault('The summary is empty.');
  if (finishReason?.unified === 'length') return fault('The summary was cut off.');
  if (finishReason?.unified === 'refusal') return fault('The model refused to summarise.');
  const replacedTokens = replaced.reduce((sum, one) => sum + estimateMessageTokens(one), 0);
  if (estimateMessageTokens(summaryMessage(text)) >= replacedTokens) {
    return fault('The summary is no shorter than what it stands for.');
  }
  return null;
}

function toMessageError({ code, message }: SynapseError): MessageError {
  return { code, message };
}
