// Each expression is at its place of use: to make one looks up properties of Unicode, which takes up
// to 10 ms that a start without such characters does not have to pay.

export const joiner = '\u200d';
const nonJoiner = '\u200c';

/**
 * The allow-list: letters, marks, numbers, punctuation, symbols, spaces and private glyphs, but
 * nothing that a reader cannot see. Unassigned emoji are let through, as they are newer than ICU.
 */
export function isShown(character: string): boolean {
  return /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Co}\p{Extended_Pictographic}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u.test(
    character,
  );
}

export function isMark(character: string): boolean {
  return /^\p{M}$/u.test(character);
}

/** Line ends of every kind, and other characters that move the cursor down. */
export function isLineBreak(character: string): boolean {
  return /^[\n\r\v\f\u0085\u2028\u2029]$/.test(character);
}

/** A variation selector chooses how the emoji before it is drawn; anywhere else it is hidden data. */
export function isEmojiSelector(character: string, previous: string): boolean {
  return (character === '\ufe0e' || character === '\ufe0f') && /^\p{Emoji}$/u.test(previous);
}

/** Joiners shape the letters of these scripts; anywhere else they are hidden data. */
export function isScriptJoiner(character: string, previous: string): boolean {
  return (character === joiner || character === nonJoiner) && joinsLetters(previous);
}

/** Whether a joiner between the two makes one emoji of them. */
export function joinsEmoji(previous: string, next: string): boolean {
  return isPictograph(previous) && isPictograph(next);
}

function joinsLetters(character: string): boolean {
  return /^[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]$/u.test(
    character,
  );
}

function isPictograph(character: string): boolean {
  return /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u.test(character);
}
