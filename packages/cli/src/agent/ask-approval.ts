import type { ApprovalAnswer, ApprovalQuestion, Rejection } from '@synapse/core/conversation';
import type { Style } from '@synapse/terminal';
import type { LineReader } from '@synapse/terminal/editor';
import { approvalKeys, toApproval } from './approval-words.ts';
import { describeInFull, describeQuestion, type QuestionRoom } from './describe-question.ts';

/** The terminal that a question is shown on. */
export interface ApprovalScreen {
  readonly style: Style;
  /** The size of the screen now, less the rows of the input. */
  readonly room: () => QuestionRoom;
  readonly reader: Pick<LineReader, 'choose' | 'read'>;
  readonly page: (text: string) => Promise<void>;
  /** Ctrl-C or Escape: stops the answer that made the call. */
  readonly interrupt: () => void | Promise<void>;
}

/** Asks until a key answers the question on the screen. */
export async function askApproval(
  question: ApprovalQuestion,
  screen: ApprovalScreen,
  signal: AbortSignal,
): Promise<ApprovalAnswer | Rejection> {
  const { style, room, reader, page } = screen;
  for (;;) {
    let shown = room();
    const key = await reader.choose({
      prompt: 'Run it? ',
      answers: approvalKeys(question),
      question() {
        shown = room();
        return describeQuestion(question, style, shown);
      },
    });
    signal.throwIfAborted();
    if (typeof key === 'string') return stopOrReject(key, screen, signal);
    const now = room();
    if (key.text === 'v') await page(describeInFull(question, style, now.columns));
    // On a smaller screen, part of the question has scrolled away.
    else if (now.columns >= shown.columns && now.rows >= shown.rows) {
      const answer = toApproval(key.text, question);
      if (answer === 'no') return askReason(screen, signal);
      if (answer !== undefined) return answer;
    }
  }
}

/** The words go to the model; none are needed. */
async function askReason(screen: ApprovalScreen, signal: AbortSignal): Promise<Rejection | 'no'> {
  const line = await screen.reader.read('No, because: ', { isQuestion: true, canEscape: true });
  signal.throwIfAborted();
  if (typeof line === 'string') return stopOrReject(line, screen, signal);
  return { answer: 'no', reason: line.text.trim() };
}

async function stopOrReject(
  result: 'end' | 'interrupt',
  { interrupt }: ApprovalScreen,
  signal: AbortSignal,
): Promise<'no'> {
  if (result === 'interrupt') await interrupt();
  signal.throwIfAborted();
  return 'no';
}
