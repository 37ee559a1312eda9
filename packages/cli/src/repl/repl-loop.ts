import { InterruptedError, textOf, type Message, type Part, type Session } from '@synapse/core';
import type { LineReader } from '@synapse/terminal/editor';
import { NOT_SAVED } from '../exit-codes.ts';
import { SignalError } from '../output/interrupts.ts';
import type { Agent } from '@synapse/app/agent/open-agent';
import { askQuestion, type AskingRepl, type Question } from './ask-question.ts';
import { attachNamed } from './attach.ts';
import type { Conversation } from '@synapse/app/conversation/conversation';
import type { Display } from './display.ts';
import { openSession } from './open-session.ts';
import { takeSessionBack } from './take-session-back.ts';
import type { Repl } from './repl.ts';
import { parseInput, runSlashCommand, toLine } from './run-slash-command.ts';
import { showFailure } from './show-failure.ts';
import { statusText } from './status-text.ts';

const HANDED_OVER =
  'this session continues in another process now; your next message takes it back';

/** Reads a line, runs it, and reads again, until the user exits. */
export class ReplLoop implements Repl, AskingRepl {
  readonly app: Repl['app'];
  readonly store: Repl['store'];
  readonly conversation: Conversation;
  readonly display: Display;
  readonly agent: Agent;
  readonly profileFlags: Repl['profileFlags'];
  readonly attached: Part[] = [];
  readonly #reader: () => LineReader;
  #answering: AbortController | null = null;
  /** The question that the next line replaces. */
  #edited: Message | null = null;
  readonly #shownFailures = new Set<string>();
  #isLeaving = false;
  #exitCode = 0;

  constructor(
    parts: Pick<Repl, 'app' | 'store' | 'conversation' | 'display' | 'agent' | 'profileFlags'>,
    reader: () => LineReader,
  ) {
    this.app = parts.app;
    this.store = parts.store;
    this.conversation = parts.conversation;
    this.display = parts.display;
    this.agent = parts.agent;
    this.profileFlags = parts.profileFlags;
    this.#reader = reader;
  }

  /** Resolves with the exit code. */
  async run(begin: () => Promise<void>): Promise<number> {
    await begin();
    let interruptCount = 0;
    while (!this.#isLeaving) {
      await this.attempt(async () => this.#reader().setStatus(await statusText(this)));
      const text = this.#edited ? toLine(textOf(this.#edited.parts)) : '';
      const line = await this.#readLine(text);
      if (line === 'end') break;
      if (line !== 'interrupt') {
        interruptCount = 0;
        await this.attempt(() => this.take(line.text));
      } else if (this.#edited) {
        this.#edited = null;
        this.display.notify('the question is unchanged');
      } else if (++interruptCount === 1) {
        this.display.notify('Press Ctrl-C again, or Ctrl-D, to exit');
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
    if (input.type === 'command') await runSlashCommand(this, input.name, input.rest);
    else if (input.text.trim() !== '') await this.#send(input.text, edited);
  }

  /** Reports a failure; the conversation continues. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof SignalError) return;
      this.#fail(error);
      this.#takeBack();
    }
  }

  async retry(): Promise<void> {
    await this.#ask({ parts: [], how: 'retry' });
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
      this.display.notify(`your next message replaces: ${textOf(question.parts)}`);
    }
  }

  leave(): void {
    this.#isLeaving = true;
  }

  /** Stops the answer under way, or returns false if there is none; a second Ctrl-C exits at once. */
  readonly interrupt = (key: 'ctrl-c' | 'escape'): boolean => {
    if (this.#answering === null) return false;
    if (this.#answering.signal.aborted && key === 'ctrl-c') process.exit(130);
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

  /** While the user types, another process may have the session. */
  async #readLine(text: string): ReturnType<LineReader['read']> {
    const { conversation, display } = this;
    const reading = new AbortController();
    const watch = this.attempt(async () => {
      if (!(await conversation.handOverWhenAsked(reading.signal))) return;
      display.notify(HANDED_OVER);
      this.#reader().setStatus(await statusText(this));
    });
    try {
      return await this.#reader().read('> ', { text });
    } finally {
      reading.abort();
      await watch;
    }
  }

  async send(text: string): Promise<void> {
    const attached = this.attached.splice(0);
    await this.#ask({ parts: [...attached, { type: 'text', text }], how: 'ask' });
  }

  async #send(text: string, edited: Message | null): Promise<void> {
    const { conversation, display } = this;
    if (conversation.isHandedOver) await takeSessionBack(this);
    // Another process may have continued the session while the user edited.
    const isEdit = edited !== null && (await conversation.lastQuestion())?.id === edited.id;
    if (edited && !isEdit)
      display.notify('the session has continued; this is asked as a new question');
    const attached = [...this.attached];
    const named = await attachNamed(this, text);
    const kept = edited?.parts.filter(({ type }) => type !== 'text') ?? [];
    await this.#ask({
      parts: [...kept, ...attached, { type: 'text', text }, ...named],
      how: isEdit ? 'edit' : 'ask',
      onStored: () => {
        this.attached.splice(0, attached.length);
      },
    });
  }

  readonly wait: Repl['wait'] = async (label, work) => {
    const spinner = this.display.createSpinner();
    spinner.start(label);
    try {
      return await this.stoppable(work);
    } finally {
      spinner.stop();
    }
  };

  async stoppable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const answering = new AbortController();
    this.#answering = answering;
    try {
      return await this.display.exclusively(() => work(answering.signal));
    } finally {
      this.#answering = null;
    }
  }

  async #ask(question: Question): Promise<void> {
    const { conversation, display } = this;
    if (conversation.isHandedOver) await takeSessionBack(this);
    try {
      const { answer, isSaved } = await askQuestion(this, question);
      if (!answer) this.#takeBack();
      // As in #fail: a script does not read the notices.
      if (answer && !isSaved && !display.isTerminal) this.#exitCode ||= NOT_SAVED;
    } finally {
      this.#showFailures();
    }
    if (display.isTerminal) display.print('\n');
  }

  /** After a stop or a failure, the lines typed ahead may no longer be meant: nothing sends itself. */
  #takeBack(): void {
    for (const line of this.#reader().takeBack()) this.display.notify(`not sent: ${line}`);
  }

  /** Reports tools that could not be offered to the model, each once. */
  #showFailures(): void {
    for (const failure of this.agent.failures()) {
      if (!this.#shownFailures.has(failure)) this.display.notify(failure);
      this.#shownFailures.add(failure);
    }
  }

  #fail(error: unknown): void {
    const { exitCode } = showFailure(this.display, error);
    // A script learns of the failure only from the exit code.
    if (!this.display.isTerminal && this.#exitCode === 0) this.#exitCode = exitCode;
    this.app.logger.warn({ error }, 'a line of the input failed');
  }
}
