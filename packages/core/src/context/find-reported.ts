import type { Answerer } from '../conversation/clean-parts.ts';
import { isSameModel } from '../providers/is-same-model.ts';
import type { ToldMessage } from '../session/message.ts';
import type { Usage } from '../session/usage.ts';
import type { ReadContext } from './read-context.ts';

/** What the provider itself has counted of this context. */
export interface Reported {
  /** The answer `seq`, and the request that it was given to. */
  usage: Usage;
  seq: number;
}

/** By the newest answer that this model gave with the context as it is now. */
export function findReported(
  { note, messages }: Pick<ReadContext, 'note' | 'messages'>,
  answerer: Answerer,
): Reported | null {
  const answer = messages.findLast((message) => isCountedBy(answerer, message));
  if (!answer?.usage || answer.seq < (note?.seq ?? 0)) return null;
  return { usage: answer.usage, seq: answer.seq };
}

function isCountedBy(answerer: Answerer, { role, usage, provider, model }: ToldMessage): boolean {
  if (role !== 'assistant' || !usage || usage.estimated || usage.inputTokens === 0) return false;
  return provider === answerer.provider && model !== null && isSameModel(model, answerer.model);
}
