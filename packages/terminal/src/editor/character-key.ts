import { noModifiers, toKey, type KeyEvent, type Modifiers } from './key-event.ts';

const controlNames: Readonly<Record<number, string>> = {
  0x08: 'backspace',
  0x09: 'tab',
  0x0d: 'enter',
  0x1b: 'escape',
  0x7f: 'backspace',
};

/** The key behind one character, where a modifier is not already part of the character. */
export function toCharacterKey(character: string, modifiers: Modifiers = noModifiers): KeyEvent {
  const code = character.codePointAt(0) ?? 0;
  const name = controlNames[code];
  if (name !== undefined) return toKey(name, modifiers);
  // Ctrl takes the upper bits of a character away: 1 is Ctrl-A, 0x1f Ctrl-_, 0 Ctrl-Space.
  if (code === 0) return toKey('space', { ...modifiers, isCtrl: true });
  if (code < 0x20) {
    const letter = String.fromCodePoint(code + 0x40).toLowerCase();
    return toKey(letter, { ...modifiers, isCtrl: true });
  }
  if (!modifiers.isCtrl && !modifiers.isAlt) return { type: 'text', text: character };
  if (character === ' ') return toKey('space', modifiers);
  const lower = character.toLowerCase();
  return toKey(lower, { ...modifiers, isShift: modifiers.isShift || lower !== character });
}
