/**
 * The allow-list: letters, marks, numbers, punctuation, symbols, spaces and private glyphs, but
 * nothing that a reader cannot see. Unassigned emoji are let through, as they are newer than ICU.
 */
const shown =
  /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Co}\p{Extended_Pictographic}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u;

const mark = /^\p{M}$/u;
const emoji = /^\p{Emoji}$/u;
const pictograph = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u;
const joiningScript =
  /^[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]$/u;

export const joiner = '\u200d';
const nonJoiner = '\u200c';

export function isShown(character: string): boolean {
  return shown.test(character);
}

export function isMark(character: string): boolean {
  return mark.test(character);
}

/** Line ends of every kind, and what moves the cursor down like one. */
export function isLineBreak(character: string): boolean {
  return /^[\n\r\v\f\u0085\u2028\u2029]$/.test(character);
}

/** A variation selector says how the emoji before it is drawn; anywhere else it is hidden data. */
export function isEmojiSelector(character: string, previous: string): boolean {
  return (character === '\ufe0e' || character === '\ufe0f') && emoji.test(previous);
}

/** Joiners shape the letters of these scripts; anywhere else they are hidden data. */
export function isScriptJoiner(character: string, previous: string): boolean {
  return (character === joiner || character === nonJoiner) && joiningScript.test(previous);
}

/** Whether a joiner between the two makes one emoji of them. */
export function joinsEmoji(previous: string, next: string): boolean {
  return pictograph.test(previous) && pictograph.test(next);
}
