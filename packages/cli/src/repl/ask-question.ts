import { describeSummary } from '@synapse/app/conversation/summarise-session';
import { InterruptedError, textOf, type NewMessage, type Part } from '@synapse/core';
import { noTextNote } from '../one-shot/exit-for-finish.ts';
import { SignalError } from '../output/interrupts.ts';
import { openAnswerView } from './open-answer-view.ts';
import type { Repl } from './repl.ts';
import { figuresLine } from './show-messages.ts';

export interface Question {
  parts: Part[];
  /** `retry` asks the last question again, `edit` asks this one in its place. */
  how: 'ask' | 'retry' | 'edit';
  onStored?: () => void;
}

/** The outcome of a question. */
export interface Outcome {
  /** Undefined if the answer was stopped. */
  answer: NewMessage | undefined;
  isStored: boolean;
  isSaved: boolean;
}

export interface AskingRepl extends Pick<Repl, 'conversation' | 'display' | 'wait' | 'stoppable'> {
  attempt(work: () => Promise<void>): Promise<void>;
}

/** Asks, shows the answer as it comes, and summarises older turns if the context is nearly full. */
export async function askQuestion(repl: AskingRepl, question: Question): Promise<Outcome> {
  const { conversation, display } = repl;
  const outcome: Outcome = { answer: undefined, isStored: false, isSaved: false };
  const isReplacement = question.how !== 'ask';
  try {
    await repl
      .stoppable((signal) => showAnswer(repl, question, signal, outcome))
      .finally(() => repl.attempt(() => conversation.refresh()));
  } catch (error) {
    if (isReplacement) display.notify(describeKept(outcome));
    if (!(error instanceof InterruptedError) || error instanceof SignalError) throw error;
    display.notify(isReplacement ? 'stopped' : 'stopped; the answer so far is kept');
    return outcome;
  }
  const { answer } = outcome;
  if (answer && isReplacement) display.notify(describeKept(outcome));
  if (answer && !conversation.isFarFromFull(answer)) await summarise(repl);
  return outcome;
}

async function showAnswer(
  { conversation, display }: AskingRepl,
  { parts, how, onStored }: Question,
  signal: AbortSignal,
  outcome: Outcome,
): Promise<void> {
  const view = await openAnswerView(display);
  try {
    const asked =
      how === 'retry' ? conversation.retry({ signal }) : conversation[how](parts, { signal });
    for await (const event of asked) {
      if (event.type === 'message-stored') {
        outcome.isStored = true;
        onStored?.();
      }
      if (event.type === 'turn-end') display.meter = meterOf(conversation.fillOf(event));
      await view.event(event);
      if (event.type !== 'turn-result') continue;
      outcome.answer = event.message;
      outcome.isSaved = event.isSaved;
    }
    await view.end();
  } catch (error) {
    view.abort();
    throw error;
  }
  const { answer } = outcome;
  if (!answer) return;
  if (display.isVerbose) display.notify(figuresLine(answer));
  if (textOf(answer.parts).trim() !== '') return;
  display.notify(noTextNote(answer.finishReason?.unified ?? null));
}

async function summarise({ conversation, display, wait }: AskingRepl): Promise<void> {
  const report = await wait('summarising older turns …', (signal) =>
    conversation.summarise({ isForced: false, signal }),
  );
  const text = describeSummary(report);
  if (text !== undefined) display.notify(text);
  await conversation.refresh();
}

/** The meter moves with each request of a turn. */
function meterOf(share: number | null): string {
  return share === null ? '' : `ctx ${share}%`;
}

/** What remains of the turn that was to be replaced. */
function describeKept({ isStored, isSaved }: Outcome): string {
  if (isSaved) return 'The earlier answer is kept: /variants.';
  const earlier = 'The earlier question and answer are still part of the conversation';
  return isStored ? `${earlier}; this attempt is kept: /variants.` : `${earlier}.`;
}
