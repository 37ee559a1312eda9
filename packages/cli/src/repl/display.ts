import {
  showInPager,
  toSafeText,
  createSpinner,
  type Spinner,
  createStyle,
  type Style,
  wrapText,
} from '@synapse/terminal';
import type { LineReader } from '@synapse/terminal/editor';
import { createNotices } from '../output/notices.ts';
import { switchableStyle, type SwitchableStyle } from './switchable-style.ts';

export interface DisplayOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  /** The PATH on which other programs are looked for. */
  readonly searchPath: () => Promise<string>;
  /** Input and output are both a terminal. */
  readonly isTerminal: boolean;
  /** No spinner, and nothing is redrawn. */
  readonly isPlain: boolean;
  readonly isRaw: boolean;
  readonly hasColor: boolean;
  readonly showsReasoning: boolean;
}

/** The output of the conversation, and how it is shown. */
export class Display {
  readonly style: SwitchableStyle;
  readonly options: DisplayOptions;
  readonly #reader: () => LineReader;
  readonly #waiting: string[] = [];
  #isBusy = false;
  /** How full the context was at the last request; empty if it is unknown. */
  meter = '';
  /** Markdown without rendering. */
  isRaw: boolean;
  /** A line of figures after each answer. */
  isVerbose = false;
  /** Whether reasoning is shown as it streams; otherwise only its duration. */
  showsReasoning: boolean;

  constructor(options: DisplayOptions, reader: () => LineReader) {
    this.options = options;
    this.#reader = reader;
    this.isRaw = options.isRaw;
    this.showsReasoning = options.showsReasoning;
    this.style = switchableStyle(createStyle(options.hasColor));
  }

  get isTerminal(): boolean {
    return this.options.isTerminal;
  }

  get columns(): number {
    return this.options.stdout.columns || 80;
  }

  get rows(): number {
    return this.options.stdout.rows || 24;
  }

  /** No spinner with `isPlain`. */
  createSpinner(): Spinner {
    const { stdout, isPlain } = this.options;
    return createSpinner({
      terminal: stdout,
      isPlain: isPlain || !this.isTerminal,
      details: () => [...(this.meter === '' ? [] : [this.meter]), 'Esc stops'],
    });
  }

  /** Prints a result on stdout; it is filtered already and may have colours. */
  print(text: string): void {
    this.#reader().printAbove(text);
  }

  /** Prints a notice; while an answer streams, the notice waits for its end. */
  notify(text: string): void {
    if (this.#isBusy) this.#waiting.push(text);
    else if (this.isTerminal) {
      const lines = wrapText(toSafeText(text), this.columns);
      this.print(lines.map((line) => this.style.dim(line)).join('\n'));
    } else createNotices(this.options.stderr).notify(text);
  }

  /** Long text, through the pager where there is one. */
  async page(text: string): Promise<void> {
    const { stdout, environment, searchPath, isPlain } = this.options;
    const isShort = text.split('\n').length < this.rows;
    if (!this.isTerminal || isPlain || isShort) this.print(text);
    else {
      const options = { output: stdout, environment, searchPath };
      await this.#reader().handOver(() => showInPager(text, options));
    }
  }

  /** Nothing else is written while an answer streams. */
  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
      for (const text of this.#waiting.splice(0)) this.notify(text);
    }
  }

  switchStyle(style: Style): void {
    this.style.switchTo(style);
  }
}
