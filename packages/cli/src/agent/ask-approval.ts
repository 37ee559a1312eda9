import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core/conversation';
import type { Style } from '@synapse/terminal';
import { toApproval } from './approval-words.ts';
import { describeInFull, describeQuestion, type QuestionRoom } from './describe-question.ts';

/** The terminal that a question is shown on. */
export interface ApprovalScreen {
  readonly style: Style;
  /** The size of the screen now, less the rows of the input. */
  readonly room: () => QuestionRoom;
  /**
   * Shows the question and reads a line; null at the end of the input. A line that was typed before
   * the question could be read does not count.
   */
  readonly ask: (prompt: string, describe: () => string) => Promise<string | null>;
  readonly page: (text: string) => Promise<void>;
}

/** Asks until a line answers the question on the screen; an empty line does not. */
export async function askApproval(
  question: ApprovalQuestion,
  { style, room, ask, page }: ApprovalScreen,
  signal: AbortSignal,
): Promise<ApprovalAnswer> {
  for (;;) {
    let shown = room();
    const line = await ask('Run it? ', () => {
      shown = room();
      return describeQuestion(question, style, shown);
    });
    signal.throwIfAborted();
    if (line === null) return 'no';
    const word = line.trim().toLowerCase();
    const now = room();
    if (word === 'v' || word === 'view') await page(describeInFull(question, style, now.columns));
    // On a smaller screen, part of the question has scrolled away.
    else if (word !== '' && now.columns >= shown.columns && now.rows >= shown.rows) {
      return toApproval(word, question);
    }
  }
}
