import type { Settings } from '@synapse/config';
import { createStyle, wantsColor, type Style } from '../render/style.ts';

/** What there is to know of a stream before something is written for people. */
export interface Terminal {
  style: Style;
  /** Undefined where it is no terminal. */
  columns: number | undefined;
}

export interface TerminalQuestion {
  settings: Settings;
  environment: NodeJS.ProcessEnv;
}

const USUAL_COLUMNS = 80;

export function terminalOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  { settings, environment }: TerminalQuestion,
): Terminal {
  // The types say that it always is a terminal.
  const isTerminal: boolean | undefined = stream.isTTY;
  return {
    style: createStyle(
      wantsColor({ choice: settings.output.color, isTerminal: isTerminal, environment }),
    ),
    columns: isTerminal ? stream.columns || USUAL_COLUMNS : undefined,
  };
}
