import { openLineEditor } from './line-editor.ts';
import type { LineEditorOptions } from './line-editor-options.ts';
import type { LineReader } from './line-reader.ts';
import { openPlainReader, type PlainReaderOptions } from './plain-reader.ts';
import type { TerminalInput, TerminalOutput } from './terminal.ts';

export interface LineReaderOptions extends Omit<LineEditorOptions, 'input' | 'output' | 'process'> {
  readonly input: TerminalInput & NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: TerminalOutput & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Chosen by the user: nothing is drawn twice. */
  readonly isPlain: boolean;
  readonly tooLong: PlainReaderOptions['tooLong'];
}

/** The editor, where there is a terminal that can redraw; plain lines everywhere else. */
export function openLineReader(options: LineReaderOptions): LineReader {
  const { input, output, onInterrupt, tooLong } = options;
  if (isEditable(options)) return openLineEditor(options);
  const isTerminal = input.isTTY === true && output.isTTY === true;
  return openPlainReader({ input, output, isTerminal, onInterrupt, tooLong });
}

export function isEditable({
  input,
  output,
  environment,
  isPlain,
}: Pick<LineReaderOptions, 'environment' | 'isPlain'> & {
  input: { isTTY?: boolean };
  output: { isTTY?: boolean };
}): boolean {
  const isTerminal = input.isTTY === true && output.isTTY === true;
  return isTerminal && !isPlain && environment.TERM !== 'dumb';
}
