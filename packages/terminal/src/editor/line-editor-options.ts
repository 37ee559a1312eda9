import type { Style } from '../text/style.ts';
import type { Completer } from './completion.ts';
import type { History } from './history.ts';
import type { StartTimer } from './key-pump.ts';
import type { TerminalInput, TerminalOutput, TerminalProcess } from './terminal.ts';

export interface LineEditorOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  readonly history: History;
  readonly style: Style;
  readonly complete?: Completer;
  /** Changes a text in a program of its own; Ctrl-G and Ctrl-X Ctrl-E do nothing without it. */
  readonly editOutside?: (text: string) => Promise<string>;
  /** Ctrl-C or Escape between two reads; false if there is nothing to stop: the next read gets a Ctrl-C. */
  readonly onInterrupt: (key: 'ctrl-c' | 'escape') => boolean;
  /** Something other than the input failed: the history, a completion, the external editor. */
  readonly onWarning: (error: unknown) => void;
  readonly process?: TerminalProcess;
  readonly startTimer?: StartTimer;
}
