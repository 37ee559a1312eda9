import { createAnswerView, type AnswerView } from '../conversation/answer-view.ts';
import type { Display } from './display.ts';

/** The view of an answer in the chat; a program that reads the output gets only the answer. */
export async function openAnswerView(display: Display): Promise<AnswerView> {
  const { isTerminal, style } = display;
  const { stdout, stderr, isPlain } = display.options;
  const spinner = display.createSpinner();
  const view = await createAnswerView({
    ...{ stdout, spinner, answerStyle: style, asideStyle: style },
    isRendered: isTerminal && !isPlain && !display.isRaw,
    reasoning: isTerminal ? (display.showsReasoning ? 'shown' : 'folded') : 'hidden',
    asideColumns: () => (isTerminal ? display.columns : null),
    showsOutput: isTerminal,
    writeAside: (text) => void (isTerminal ? stdout : stderr).write(text),
    notify: (text) => display.notify(text),
    warn: (text) => display.notify(text),
  });
  spinner.start('waiting …');
  return view;
}
