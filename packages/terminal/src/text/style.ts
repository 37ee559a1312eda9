export type Paint = (text: string) => string;

/** The styles of text on one stream; without colour every function returns its text unchanged. */
export interface Style {
  readonly hasColor: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly italic: Paint;
  readonly underline: Paint;
  readonly strike: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly magenta: Paint;
  readonly cyan: Paint;
}

export type ColorChoice = 'auto' | 'always' | 'never';

export interface ColorQuestion {
  readonly choice?: ColorChoice | undefined;
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Decided for each stream separately: by the flag, then the environment, then the kind of stream. */
export function wantsColor({ choice = 'auto', isTerminal, environment }: ColorQuestion): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (environment.NO_COLOR) return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && environment.TERM !== 'dumb';
}

export function createStyle(hasColor: boolean): Style {
  const paint = (open: number, close: number): Paint => {
    if (!hasColor) return (text) => text;
    const start = `\u001b[${open}m`;
    const end = `\u001b[${close}m`;
    // An inner paint with the same end must not end the outer one.
    return (text) => (text === '' ? '' : start + text.replaceAll(end, end + start) + end);
  };
  return {
    hasColor,
    bold: paint(1, 22),
    dim: paint(2, 22),
    italic: paint(3, 23),
    underline: paint(4, 24),
    strike: paint(9, 29),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
    magenta: paint(35, 39),
    cyan: paint(36, 39),
  };
}
