import { letterCost } from './letter-cost.ts';

export type CharacterKind =
  'lower' | 'upper' | 'letter' | 'digit' | 'space' | 'newline' | 'sign' | 'emoji';

const asciiKinds = Array.from({ length: 0x80 }, (_, code) => asciiKind(String.fromCharCode(code)));

/** The kind of a UTF-16 unit: ASCII letters by case, letters of all other scripts together. */
export function characterKind(code: number): CharacterKind {
  if (code < 0x80) return asciiKinds[code] ?? 'sign';
  if (letterCost(code) > 0) return 'letter';
  if (code === 0xa0 || code === 0x3000) return 'space';
  return isEmoji(code) ? 'emoji' : 'sign';
}

function asciiKind(character: string): CharacterKind {
  if (/[a-z]/.test(character)) return 'lower';
  if (/[A-Z]/.test(character)) return 'upper';
  if (/[0-9]/.test(character)) return 'digit';
  if (/[\n\r]/.test(character)) return 'newline';
  return /[ \t]/.test(character) ? 'space' : 'sign';
}

/** The halves of emoji, and the characters that join or colour them. */
function isEmoji(code: number): boolean {
  return (code >= 0xd83c && code < 0xe000) || code === 0x200d || (code >= 0xfe00 && code < 0xfe10);
}
