/** What a person did at the keyboard, independent of how the terminal encodes it. */
export type KeyEvent =
  /** Printable characters that arrived together; at least one. */
  | { readonly type: 'text'; readonly text: string }
  /**
   * A key by name with its modifiers before it, in the order ctrl, alt, shift: `enter`, `ctrl-a`,
   * `ctrl-alt-left`. A letter is always in lower case.
   */
  | { readonly type: 'key'; readonly key: string }
  /** A whole bracketed paste as it came: line ends may be CR, LF or both. */
  | { readonly type: 'paste'; readonly text: string }
  /** The terminal's answer to a question for the cursor; both count from 0. */
  | { readonly type: 'cursor-position'; readonly row: number; readonly column: number };

export interface Modifiers {
  readonly isCtrl: boolean;
  readonly isAlt: boolean;
  readonly isShift: boolean;
}

export const noModifiers: Modifiers = { isCtrl: false, isAlt: false, isShift: false };

export function toKey(name: string, { isCtrl, isAlt, isShift }: Modifiers = noModifiers): KeyEvent {
  const key = `${isCtrl ? 'ctrl-' : ''}${isAlt ? 'alt-' : ''}${isShift ? 'shift-' : ''}${name}`;
  return { type: 'key', key };
}
