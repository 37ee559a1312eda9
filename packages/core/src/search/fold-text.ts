/** Accents, vowel points and similar marks, which many people omit when they type. */
const ACCENTS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
/** Letters that Unicode does not decompose, with their usual spelling on other keyboards. */
const SPELLED: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const SPELLED_LETTERS = /[ßæœøłđðþıς]/g;

/**
 * Makes texts equal that a user would expect a search to treat as equal: case, accents, ligatures,
 * wide and narrow forms, composed and decomposed ones. Keeps the marks that form syllables in Indic
 * scripts, Thai and Japanese.
 */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return (
    text
      .toWellFormed()
      .normalize('NFKD')
      .replace(ACCENTS, '')
      // Soft hyphens, joiners, variation selectors: nobody sees them.
      .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      .toLowerCase()
      .replace(SPELLED_LETTERS, (letter) => SPELLED[letter] ?? letter)
      .normalize('NFC')
  );
}

export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
