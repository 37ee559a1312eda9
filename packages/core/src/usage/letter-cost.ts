/**
 * The cost of each further letter of a word, in hundredths of a token, from the given code on: an
 * average over a script. Zero marks other characters.
 */
const COSTS_FROM: [code: number, cost: number][] = [
  [0x80, 0], // Latin-1 signs
  [0xc0, 38], // accents
  [0xc4, 60], // letters of the north
  [0xc7, 38],
  [0xd6, 60],
  [0xd9, 38],
  [0xdc, 55],
  [0xe0, 38],
  [0xe4, 60],
  [0xe7, 38],
  [0xf6, 60],
  [0xf9, 38],
  [0xfc, 55],
  [0x100, 62], // other Latin
  [0x1a0, 12], // Vietnamese
  [0x1c0, 60],
  [0x250, 80], // phonetic letters, combining marks
  [0x370, 34], // Greek
  [0x400, 75], // Cyrillic
  [0x410, 22], // Russian
  [0x450, 75],
  [0x530, 28], // Armenian
  [0x590, 38], // Hebrew
  [0x600, 26], // Arabic
  [0x700, 200],
  [0x900, 29], // Devanagari
  [0x980, 34], // Bengali
  [0xa00, 62], // Gurmukhi
  [0xa80, 35], // Gujarati
  [0xb00, 100], // Oriya
  [0xb80, 32], // Tamil
  [0xc00, 47], // Telugu
  [0xc80, 39], // Kannada
  [0xd00, 35], // Malayalam
  [0xd80, 62], // Sinhala
  [0xe00, 41], // Thai
  [0xe80, 190], // Lao
  [0xf00, 154], // Tibetan
  [0x1000, 55], // Burmese
  [0x10a0, 28], // Georgian
  [0x1100, 150], // Hangul in pieces
  [0x1200, 210], // Ethiopic and rarer ones
  [0x1780, 60], // Khmer
  [0x1800, 200],
  [0x1e00, 5], // Vietnamese
  [0x1f00, 100], // old Greek
  [0x2000, 0], // punctuation, arrows, boxes
  [0x2800, 200], // Braille
  [0x2900, 0],
  [0x2e80, 200], // radicals
  [0x3000, 0],
  [0x3040, 78], // Kana
  [0x3100, 150],
  [0x3400, 200],
  [0x4e00, 80], // Han
  [0xa000, 255],
  [0xac00, 68], // Hangul
  [0xd7b0, 150],
  [0xd800, 255], // rare scripts, one half of a letter
  [0xd83c, 0], // emoji
  [0xd840, 150], // rare Han
  [0xdc00, 0],
  [0xe000, 200],
  [0xfe00, 0], // variation selectors
  [0xfe70, 150],
  [0xff00, 0], // wide punctuation
];

const costs = new Uint8Array(0x10000);
COSTS_FROM.forEach(([code, cost], index) => costs.fill(cost, code, COSTS_FROM[index + 1]?.[0]));

/** Zero for characters that are not letters. */
export function letterCost(code: number): number {
  return costs[code] ?? 0;
}
