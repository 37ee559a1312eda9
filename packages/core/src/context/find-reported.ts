import type { Answerer, StoredMessage } from '../conversation/clean-parts.ts';
import { isSameModel } from '../providers/is-same-model.ts';
import type { ToldMessage } from '../session/message.ts';
import type { ReadContext } from './read-context.ts';
import { viewContext } from './view-context.ts';

/** What the provider itself has counted of this context. */
export interface Reported {
  /** The request that the answer `seq` was given to, and that answer. */
  tokens: number;
  seq: number;
  /** How much more it counted than was estimated. */
  factor: number;
}

const SMALLEST_FACTOR = 0.5;
const LARGEST_FACTOR = 2;

/** By the newest answer that this model gave with the context as it is now. */
export function findReported(
  { context, note, messages }: Pick<ReadContext, 'context' | 'note' | 'messages'>,
  answerer: Answerer,
  estimate: (view: readonly StoredMessage[]) => number,
): Reported | null {
  const answer = messages.findLast((message) => isCountedBy(answerer, message));
  if (!answer?.usage || answer.seq < (note?.seq ?? 0)) return null;
  const { inputTokens, outputTokens } = answer.usage;
  const asked = messages.filter(({ seq }) => seq < answer.seq);
  const estimated = estimate(viewContext(context, asked));
  const factor = clamp(inputTokens / Math.max(1, estimated));
  return { tokens: inputTokens + outputTokens, seq: answer.seq, factor };
}

function isCountedBy(answerer: Answerer, { role, usage, provider, model }: ToldMessage): boolean {
  if (role !== 'assistant' || !usage || usage.estimated || usage.inputTokens === 0) return false;
  return provider === answerer.provider && model !== null && isSameModel(model, answerer.model);
}

function clamp(factor: number): number {
  return Math.min(LARGEST_FACTOR, Math.max(SMALLEST_FACTOR, factor));
}
