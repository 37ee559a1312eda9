import type { Style } from '@synapse/terminal';

/** A style that can be switched for all its users. */
export interface SwitchableStyle extends Style {
  switchTo(style: Style): void;
}

export function switchableStyle(first: Style): SwitchableStyle {
  let current = first;
  return {
    get hasColor() {
      return current.hasColor;
    },
    bold: (text) => current.bold(text),
    dim: (text) => current.dim(text),
    italic: (text) => current.italic(text),
    underline: (text) => current.underline(text),
    strike: (text) => current.strike(text),
    red: (text) => current.red(text),
    green: (text) => current.green(text),
    yellow: (text) => current.yellow(text),
    blue: (text) => current.blue(text),
    magenta: (text) => current.magenta(text),
    cyan: (text) => current.cyan(text),
    switchTo(style) {
      current = style;
    },
  };
}
