import type { StoredMessage } from '../conversation/clean-parts.ts';
import { attachmentsOf } from '../session/part.ts';
import { estimateMessagesTokens, estimateRequestTokens } from '../usage/estimate-usage.ts';
import type { RequestFrame } from './request-shape.ts';
import type { SessionContext } from './session-context.ts';
import { viewContext } from './view-context.ts';

/** The content of the next request, in tokens. */
export interface ContextReport {
  /** The most tokens of a request; null if there is no limit. */
  budgetTokens: number | null;
  /** The window of the model, including the answer; null if unknown. */
  windowTokens: number | null;
  /** The sum of the fields below, unless the provider has counted all messages but the newest. */
  totalTokens: number;
  isEstimated: boolean;
  systemTokens: number;
  toolTokens: number;
  summaryTokens: number;
  pinnedTokens: number;
  messageTokens: number;
  attachmentTokens: number;
  /** Messages that are sent, including the pinned ones. */
  messageCount: number;
  pinnedCount: number;
  /** The last message that the summary covers; 0 without a summary. */
  summarySeq: number;
  /** Of the messages up to this one, only the summary and the pinned ones are sent. */
  leftOutSeq: number;
}

export async function reportContext(
  context: SessionContext,
  frame: RequestFrame = {},
): Promise<ContextReport> {
  const measured = await context.measure(frame);
  const { budget, reported, tokensOf } = measured;
  const { summary, summarySeq, leftOutSeq, pinnedSeqs } = measured.context;
  const { systemPrompt, limits, answerer } = context.options;
  const view = viewContext(measured.context, measured.messages, answerer, limits);
  const messages = summary === null ? view : view.slice(1);
  const isPinned = (message: StoredMessage) =>
    'seq' in message && pinnedSeqs.includes(message.seq as number);
  const pinned = messages.filter(isPinned);
  const others = messages.filter((message) => !isPinned(message));
  const said = estimateMessagesTokens(others.map(withoutAttachments));
  return {
    budgetTokens: budget.tokens,
    windowTokens: limits.contextTokens,
    totalTokens: tokensOf(measured.context),
    isEstimated: reported === null,
    systemTokens: estimateRequestTokens({ systemPrompt, tools: [], messages: [] }),
    toolTokens: estimateRequestTokens({
      systemPrompt: null,
      tools: measured.tools,
      messages: [],
    }),
    summaryTokens: summary === null ? 0 : estimateMessagesTokens(view.slice(0, 1)),
    pinnedTokens: estimateMessagesTokens(pinned),
    messageTokens: said,
    attachmentTokens: estimateMessagesTokens(others) - said,
    messageCount: messages.length,
    pinnedCount: pinned.length,
    summarySeq: summary === null ? 0 : summarySeq,
    leftOutSeq,
  };
}

function withoutAttachments(message: StoredMessage): StoredMessage {
  if (attachmentsOf(message.parts).length === 0) return message;
  const parts = message.parts
    .filter(({ type }) => type !== 'image' && type !== 'file')
    .map((part) => (part.type === 'tool-result' ? { ...part, attachments: [] } : part));
  return { ...message, parts };
}
