import type { Settings } from '@synapse/config';
import { createStyle, wantsColor, type Style } from '@synapse/terminal';

/** The properties of a stream that decide how text for people is written to it. */
export interface OutputStyle {
  style: Style;
  /** Undefined if it is not a terminal. */
  columns: number | undefined;
}

export interface OutputChoice {
  settings: Settings;
  environment: NodeJS.ProcessEnv;
}

const USUAL_COLUMNS = 80;

export function outputStyleOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  { settings, environment }: OutputChoice,
): OutputStyle {
  // Some terminals report none.
  const { columns = 0 } = stream;
  const isTerminal = stream.isTTY === true;
  return {
    style: createStyle(wantsColor({ choice: settings.output.color, isTerminal, environment })),
    columns: isTerminal ? columns || USUAL_COLUMNS : undefined,
  };
}
