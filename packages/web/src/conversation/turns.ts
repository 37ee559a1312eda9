import type { Message } from '../api/types.ts';
import { toBlocks, type Block } from './blocks.ts';

/** A question and its answers, as the page shows them. */
export interface Turn {
  /** Stable while the page grows in both directions. */
  key: string;
  turn: number;
  question: Message | null;
  answers: readonly Message[];
  blocks: readonly Block[];
  /** Its answer is being made: the events of the run have it, and the stored beginning is left out. */
  isLive: boolean;
}

export function toTurns(messages: readonly Message[], liveQuestionId: string | null): Turn[] {
  const groups = new Map<number, Message[]>();
  for (const message of messages) {
    if (message.role === 'context' || message.role === 'title') continue;
    const group = groups.get(message.turn);
    if (group) group.push(message);
    else groups.set(message.turn, [message]);
  }
  return [...groups].map(([turn, group]) => {
    const question = group.find(({ role }) => role === 'user') ?? null;
    const answers = group.filter((message) => message !== question);
    const isLive = question !== null && question.id === liveQuestionId;
    const blocks = isLive ? [] : toBlocks(answers);
    return { key: String(turn), turn, question, answers, blocks, isLive };
  });
}
