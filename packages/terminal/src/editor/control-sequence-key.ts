import { toCharacterKey } from './character-key.ts';
import { noModifiers, toKey, type KeyEvent, type Modifiers } from './key-event.ts';

const byLetter: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  M: 'enter',
};

const byNumber: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

/** Keys of the number pad as CSI-u names them. */
const byPrivateCode: Readonly<Record<number, string>> = {
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'page-up',
  57422: 'page-down',
  57423: 'home',
  57424: 'end',
  57425: 'insert',
  57426: 'delete',
};

const [shiftBit, altBit, ctrlBit, superBits] = [1, 2, 4, 8 | 16 | 32];
const released = 3;

/** `ESC O` and a letter: a key in application mode. */
export function toApplicationKey(letter: string, isAlt = false): KeyEvent | undefined {
  const name = byLetter[letter];
  if (name !== undefined) return toKey(name, { ...noModifiers, isAlt });
  const withCtrl = /^[a-d]$/.test(letter) ? byLetter[letter.toUpperCase()] : undefined;
  return withCtrl === undefined
    ? undefined
    : toKey(withCtrl, { isCtrl: true, isAlt, isShift: false });
}

/**
 * `ESC [`, parameters and a final letter. What is no key of ours gives undefined: function keys,
 * focus, the mouse, and whatever the terminal answers to a question.
 */
export function toControlSequenceKey(
  parameters: string,
  final: string,
  isAlt = false,
): KeyEvent | undefined {
  if (!/^[\d;:]*$/.test(parameters)) return undefined;
  const fields = parameters.split(';').map((field) => field.split(':').map(Number));
  const first = fields[0]?.[0] ?? 0;
  const [modifierCode = 1, eventCode] = fields[1] ?? [];

  if (final === 'R') {
    const column = fields[1]?.[0];
    return first > 0 && column !== undefined && column > 0
      ? { type: 'cursor-position', row: first - 1, column: column - 1 }
      : undefined;
  }
  const modifiers = toModifiers(modifierCode, isAlt);
  if (modifiers === undefined || eventCode === released) return undefined;

  if (final === '~') {
    if (first === 27) return fromCode(fields[2]?.[0] ?? 0, modifiers);
    const name = byNumber[first];
    return name === undefined ? undefined : toKey(name, modifiers);
  }
  if (final === 'u') return fromCode(first, modifiers);
  if (final === 'Z') return toKey('tab', { ...modifiers, isShift: true });
  const name = final === 'M' ? undefined : byLetter[final];
  return name === undefined ? undefined : toKey(name, modifiers);
}

function toModifiers(code: number, isAlt: boolean): Modifiers | undefined {
  const bits = Math.max(0, code - 1);
  if ((bits & superBits) !== 0) return undefined;
  return {
    isCtrl: (bits & ctrlBit) !== 0,
    isAlt: isAlt || (bits & altBit) !== 0,
    isShift: (bits & shiftBit) !== 0,
  };
}

function fromCode(code: number, modifiers: Modifiers): KeyEvent | undefined {
  const name = byPrivateCode[code];
  if (name !== undefined) return toKey(name, modifiers);
  const isCharacter =
    code > 0 &&
    code <= 0x10ffff &&
    !(code >= 0xd800 && code <= 0xdfff) &&
    !(code >= 0xe000 && code <= 0xf8ff);
  return isCharacter ? toCharacterKey(String.fromCodePoint(code), modifiers) : undefined;
}
