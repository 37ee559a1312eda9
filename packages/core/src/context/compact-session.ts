import {
  askUtilityModel,
  type UtilityAnswer,
  type UtilityModel,
} from '../conversation/ask-utility-model.ts';
import { InterruptedError, LimitReachedError } from '../errors/run-errors.ts';
import { SynapseError } from '../errors/synapse-error.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { MessageError } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import { estimateMessageTokens } from '../usage/estimate-usage.ts';
import { storeContext, type NoteWriter } from './context-note.ts';
import type { MeasuredContext, SessionContext } from './session-context.ts';
import { readMaterial, replacedTokensOf, toChunks, type SummaryEntry } from './summary-material.ts';
import { SUMMARY_INSTRUCTIONS, withEarlierSummary } from './summary-prompt.ts';
import { summaryMessage } from './view-context.ts';

const MAX_SUMMARY_TOKENS = 2_000;
// After a failure the next attempt waits for this many messages.
const PAUSE_MESSAGES = 10;

export interface CompactOptions extends NoteWriter {
  sessions: Pick<SessionStore, 'append' | 'messages'>;
  context: SessionContext;
  /** The model that writes the summary; opened only if needed. */
  openSummarizer: () => Promise<Summarizer>;
  /** Called before each request; throws if the cost limit is reached. */
  checkBudget?: ((spentNanoUsd: number) => void) | undefined;
  signal: AbortSignal;
  /** Even if there is enough room: the user asked for it. */
  isForced?: boolean | undefined;
}

export interface Summarizer extends UtilityModel {
  /** The most tokens that one request may send; null if unknown. */
  maxInputTokens: number | null;
}

export interface CompactReport {
  outcome: 'not-needed' | 'summarised' | 'failed';
  tokensBefore: number;
  tokensAfter: number;
  costNanoUsd: number;
  /** Why there is no new summary. */
  reason: string | null;
}

/**
 * Replaces older turns with a summary once the context grows near its budget. The summarised
 * messages stay in the session, and every step is stored when it is done. The context stays
 * unchanged if a summary is empty, cut off or missing, or does not make requests smaller.
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
  const { sessions, sessionId } = options;
  const hasOlder = endSeq > measured.context.summarySeq;
  const material = hasOlder ? await readMaterial(sessions, sessionId, measured, endSeq) : [];
  if (material.length === 0) return { ...report, reason: 'There is nothing older to summarise.' };
  const summarizer = await options.openSummarizer();
  const isSmaller = shrinks(measured, settings.summarizeAt);
  let current = measured.context;
  for (const { entries, lastSeq } of toChunks(material, summarizer.maxInputTokens, endSeq)) {
    const answer = await summarise(options, summarizer, current, entries, report);
    const { figures } = answer;
    report.costNanoUsd += figures.cost?.nanoUsd ?? 0;
    const leftOutSeq = Math.max(current.leftOutSeq, lastSeq);
    const next = { ...current, summary: answer.text, summarySeq: lastSeq, leftOutSeq };
    const fault =
      faultOf(answer, replacedTokensOf(entries, current.summary), options.signal) ??
      (lastSeq === endSeq && !isSmaller(next) ? LARGER : null);
    if (fault) {
      const kept = isSmaller(current) ? current : measured.context;
      const status = options.signal.aborted ? 'interrupted' : 'failed';
      await storeContext(options, kept, { ...figures, status, error: fault });
      return { ...report, outcome: 'failed', reason: fault.message };
    }
    await storeContext(options, next, figures);
    current = next;
  }
  const after = await context.measure();
  const tokensAfter = after.tokensOf(after.context);
  return { ...report, outcome: 'summarised', tokensAfter };
}

/**
 * Whether a context makes requests smaller than they are now. If there is room, a summary of
 * messages that were left out without one may make requests larger.
 */
function shrinks(
  { context, tokensOf, budget }: MeasuredContext,
  summarizeAt: number,
): (next: ContextPart) => boolean {
  const { leftOutSeq, summarySeq } = context;
  // The size of a copy is estimated, as for other messages.
  const before = tokensOf({ ...context });
  const room = leftOutSeq > summarySeq ? (budget.tokens ?? Infinity) * summarizeAt : 0;
  return (next) => {
    const tokens = tokensOf(next);
    return tokens < before || tokens <= room;
  };
}

/**
 * The end of the last turn before the kept turns; the end of the summary if there is no such turn.
 */
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

function summarise(
  { checkBudget, signal }: CompactOptions,
  summarizer: Summarizer,
  { summary }: ContextPart,
  entries: readonly SummaryEntry[],
  { costNanoUsd: spentNanoUsd }: CompactReport,
): Promise<UtilityAnswer> {
  const text = withEarlierSummary(
    entries.map((entry) => entry.text),
    summary,
  );
  checkBudget?.(spentNanoUsd);
  const question = { systemPrompt: SUMMARY_INSTRUCTIONS, text, answerTokens: MAX_SUMMARY_TOKENS };
  return askUtilityModel(summarizer, question, signal);
}

/** What is wrong with a summary; null for a good one. */
function faultOf(
  answer: UtilityAnswer,
  replacedTokens: number,
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
  if (text === '') return fault('The summary is empty.');
  if (finishReason?.unified === 'length') return fault('The summary was cut off.');
  if (finishReason?.unified === 'refusal') return fault('The model refused to summarise.');
  if (estimateMessageTokens(summaryMessage(text)) >= replacedTokens) {
    return fault('The summary is not shorter than the messages it replaces.');
  }
  return null;
}

const LARGER = fault('Requests would be larger with the summary than without it.');

function fault(message: string): MessageError {
  return { code: 'SYNAPSE_INVALID_DATA', message };
}

function toMessageError({ code, message }: SynapseError): MessageError {
  return { code, message };
}
