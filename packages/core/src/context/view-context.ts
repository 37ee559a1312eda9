import type { PromptMessage } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import type { StoredMessage } from '../conversation/clean-parts.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import type { ModelLimits } from './context-budget.ts';
import { leaveOutImages, leaveOutRefused } from './refused-attachments.ts';
import { shortenHistory } from './shorten-history.ts';

const SUMMARY_FOLLOWS =
  'A summary of the earlier messages of this conversation, which are not shown in full:';

/**
 * The messages of a request: the summary, the pinned messages, all that are not left out, and the
 * question that began the current turn. Needs the messages that `readContext` reads, in the order
 * of the session.
 */
export function viewContext(
  context: ContextPart,
  messages: readonly PromptMessage[],
  answerer: Answerer | null = null,
  { readsImages = null }: Pick<ModelLimits, 'readsImages'> = {},
): StoredMessage[] {
  const { summary, leftOutSeq, pinnedSeqs } = context;
  const kept = new Set(pinnedSeqs);
  const question = messages.findLast(({ role }) => role === 'user');
  const isUnderWay = ({ seq, turn }: PromptMessage) => seq > leftOutSeq && turn === question?.turn;
  if (question && messages.findLast(isUnderWay)) kept.add(question.seq);
  const isWhole = (messages[0]?.seq ?? Infinity) > leftOutSeq;
  const included = isWhole
    ? messages
    : messages.filter(({ seq }) => seq > leftOutSeq || kept.has(seq));
  const seen = readsImages === false ? leaveOutImages(included) : included;
  const taken = answerer ? leaveOutRefused(seen, context.refused, answerer) : seen;
  const shown: StoredMessage[] = shortenHistory(taken, context, kept);
  return summary === null ? shown : [summaryMessage(summary), ...shown];
}

/** A summary in the form in which requests contain it. */
export function summaryMessage(summary: string): StoredMessage {
  return { role: 'user', parts: [{ type: 'text', text: `${SUMMARY_FOLLOWS}\n\n${summary}` }] };
}
