import {
  InterruptedError,
  textOf,
  type Message,
  type NewMessage,
  type Part,
  type Session,
} from '@synapse/core';
import type { LineReader } from '@synapse/terminal/editor';
import { NOT_SAVED } from '../exit-codes.ts';
import { noTextNote } from '../one-shot/exit-for-finish.ts';
import { SignalError } from '../output/interrupts.ts';
import type { Agent } from '@synapse/app/agent/open-agent';
import { openAnswerView } from './open-answer-view.ts';
import { attachNamed } from './attach.ts';
import type { Conversation } from '@synapse/app/conversation/conversation';
import { describeSummary } from '@synapse/app/conversation/summarise-session';
import type { Display } from './display.ts';
import { openSession } from './open-session.ts';
import type { Repl } from './repl.ts';
import { parseInput, runCommand, toLine } from './run-command.ts';
import { showFailure } from './show-failure.ts';
import { figuresLine } from './show-messages.ts';
import { statusText } from './status-text.ts';

interface Question {
  parts: Part[];
  /** `retry` asks the last question again, `edit` asks this one in its place. */
  how: 'ask' | 'retry' | 'edit';
  onStored: () => void;
}

/** The outcome of a question. */
interface Outcome {
  isStored: boolean;
  isSaved: boolean;
}

/** Reads a line, runs it, and reads again, until the user exits. */
export class ReplLoop implements Repl {
  readonly app: Repl['app'];
  readonly store: Repl['store'];
  readonly conversation: Conversation;
  readonly display: Display;
  readonly agent: Agent;
  readonly attached: Part[] = [];
  readonly #reader: () => LineReader;
  #answering: AbortController | null = null;
  /** The question that the next words take the place of. */
  #edited: Message | null = null;
  readonly #saidFailures = new Set<string>();
  #isLeaving = false;
  #exitCode = 0;

  constructor(
    parts: Pick<Repl, 'app' | 'store' | 'conversation' | 'display' | 'agent'>,
    reader: () => LineReader,
  ) {
    this.app = parts.app;
    this.store = parts.store;
    this.conversation = parts.conversation;
    this.display = parts.display;
    this.agent = parts.agent;
    this.#reader = reader;
  }

  /** Resolves with the exit code. */
  async run(begin: () => Promise<void>): Promise<number> {
    await begin();
    let interruptCount = 0;
    while (!this.#isLeaving) {
      await this.attempt(async () => this.#reader().setStatus(await statusText(this)));
      const text = this.#edited ? toLine(textOf(this.#edited.parts)) : '';
      const line = await this.#reader().read('> ', { text });
      if (line === 'end') break;
      if (line !== 'interrupt') {
        interruptCount = 0;
        await this.attempt(() => this.take(line.text));
      } else if (this.#edited) {
        this.#edited = null;
        this.display.say('the question is unchanged');
      } else if (++interruptCount === 1) {
        this.display.say('Press Ctrl-C again, or Ctrl-D, to exit');
      } else {
        this.end(130);
      }
    }
    return this.#exitCode;
  }

  /** Runs a line: a command, or a prompt for the model. */
  async take(line: string): Promise<void> {
    const edited = this.#edited;
    this.#edited = null;
    const input = parseInput(line);
    if (input.type === 'command') await runCommand(this, input.name, input.rest);
    else if (input.text.trim() !== '') await this.#say(input.text, edited);
  }

  /** Reports a failure; the conversation continues. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SignalError)) this.#fail(error);
    }
  }

  async retry(): Promise<void> {
    await this.#ask({ parts: [], how: 'retry', onStored: () => undefined });
  }

  open(session: Session, isTakenOver = false): Promise<void> {
    return openSession(this, this.#reader(), session, isTakenOver);
  }

  async confirm(question: string): Promise<boolean> {
    const answer = await this.#reader().read(question, { isQuestion: true });
    return typeof answer !== 'string' && /^y(es)?$/i.test(answer.text.trim());
  }

  edit(question: Message): void {
    this.#edited = question;
    if (this.display.options.isPlain) {
      this.display.say(`your next message replaces: ${textOf(question.parts)}`);
    }
  }

  leave(): void {
    this.#isLeaving = true;
  }

  /** Ctrl-C while an answer streams, and false where none does; the second one waits for nothing. */
  readonly interrupt = (): boolean => {
    if (this.#answering === null) return false;
    if (this.#answering.signal.aborted) process.exit(130);
    this.#answering.abort(new InterruptedError('Stopped.'));
    return true;
  };

  /** Stores the answer so far, and exits. */
  end(exitCode: 130 | 143): void {
    this.#isLeaving = true;
    this.#exitCode = exitCode;
    this.#answering?.abort(new SignalError(exitCode));
    this.#reader().close();
  }

  async #say(text: string, edited: Message | null): Promise<void> {
    const attached = [...this.attached];
    const named = await attachNamed(this, text);
    const kept = edited?.parts.filter(({ type }) => type !== 'text') ?? [];
    await this.#ask({
      parts: [...kept, ...attached, { type: 'text', text }, ...named],
      how: edited ? 'edit' : 'ask',
      onStored: () => {
        this.attached.splice(0, attached.length);
      },
    });
  }

  async wait<Result>(
    label: string,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const waiting = new AbortController();
    this.#answering = waiting;
    const { display } = this;
    const spinner = display.createSpinner();
    try {
      spinner.start(label);
      return await display.exclusively(() => work(waiting.signal));
    } finally {
      spinner.stop();
      this.#answering = null;
    }
  }

  async #ask(question: Question): Promise<void> {
    const { display, conversation } = this;
    const isInstead = question.how !== 'ask';
    const answering = new AbortController();
    this.#answering = answering;
    const outcome: Outcome = { isStored: false, isSaved: false };
    let answer: NewMessage | undefined;
    try {
      answer = await display.exclusively(() => this.#answer(question, answering.signal, outcome));
    } catch (error) {
      if (isInstead) display.say(whatStays(outcome));
      if (!(error instanceof InterruptedError) || error instanceof SignalError) throw error;
      display.say(isInstead ? 'stopped' : 'stopped; the answer so far is kept');
    } finally {
      this.#answering = null;
      await this.attempt(() => conversation.refresh());
    }
    if (answer && isInstead) display.say(whatStays(outcome));
    if (answer && !conversation.isFarFromFull(answer)) await this.#summarise();
    if (display.isTerminal) display.print('\n');
  }

  async #summarise(): Promise<void> {
    const report = await this.wait('summarising older turns …', (signal) =>
      this.conversation.summarise({ isForced: false, signal }),
    );
    const text = describeSummary(report);
    if (text !== undefined) this.display.say(text);
    await this.conversation.refresh();
  }

  async #answer(
    { parts, how, onStored }: Question,
    signal: AbortSignal,
    outcome: Outcome,
  ): Promise<NewMessage | undefined> {
    const { display, conversation } = this;
    const view = await openAnswerView(display);
    let answer: NewMessage | undefined;
    try {
      const asked =
        how === 'retry' ? conversation.retry({ signal }) : conversation[how](parts, { signal });
      for await (const event of asked) {
        if (event.type === 'message-stored') {
          outcome.isStored = true;
          onStored();
        }
        await view.event(event);
        if (event.type !== 'turn-result') continue;
        answer = event.message;
        outcome.isSaved = event.isSaved;
        // As in #fail: a script cannot read the notices.
        if (!event.isSaved && !display.isTerminal) this.#exitCode ||= NOT_SAVED;
        if (display.isVerbose) display.say(figuresLine(answer));
      }
      await view.end();
      if (answer && textOf(answer.parts).trim() === '') {
        display.say(noTextNote(answer.finishReason?.unified ?? null));
      }
      return answer;
    } catch (error) {
      view.abort();
      throw error;
    } finally {
      this.#sayFailures();
    }
  }

  /** Tools that the model had to do without, each once. */
  #sayFailures(): void {
    for (const failure of this.agent.failures()) {
      if (!this.#saidFailures.has(failure)) this.display.say(failure);
      this.#saidFailures.add(failure);
    }
  }

  #fail(error: unknown): void {
    const { exitCode } = showFailure(this.display, error);
    // Who reads along from a script has nothing else to see it by.
    if (!this.display.isTerminal && this.#exitCode === 0) this.#exitCode = exitCode;
    this.app.logger.warn({ error }, 'a line of the input failed');
  }
}

/** What remains of the turn that was to be replaced. */
function whatStays({ isStored, isSaved }: Outcome): string {
  if (isSaved) return 'The earlier answer is kept: /variants.';
  const earlier = 'The earlier question and answer are still part of the conversation';
  return isStored ? `${earlier}; this attempt is kept: /variants.` : `${earlier}.`;
}
