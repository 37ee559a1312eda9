import type { SessionStore } from '../ports/session-store.ts';
import { wasAskedOf, type Answerer } from '../providers/is-same-model.ts';
import type { Message, NewMessage } from '../session/message.ts';
import type { Usage } from '../session/usage.ts';

/** The tokens that the provider has counted for this context. */
export interface Reported {
  /** The answer `seq`, and the request that it answers. */
  usage: Usage;
  /** The tokens of the answer in later requests. */
  answerTokens: number;
  seq: number;
}

// One message is enough, unless the model was just changed or an answer was cut off.
const ANSWERS = 5;

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
