import { graphemesOf, widthOf } from './width.ts';

const closers: Readonly<Record<string, string>> = {
  '1': '22',
  '2': '22',
  '3': '23',
  '4': '24',
  '9': '29',
};

/** After these a line may break without a space; before some of them it must not. */
const breakable = /[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]|\p{Extended_Pictographic}/u;
const neverFirst = /^[、。，．：；？！」』）】》〉〕’”…ー々,.:;?!)\]}]/;

interface Word {
  readonly parts: string[];
  width: number;
}

/**
 * Lines of at most so many columns, broken at spaces and between wide characters, within a word only
 * where it is wider than a line. Colours are closed at a break and opened again after it.
 */
export function wrapText(text: string, columns: number): string[] {
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= columns ? [line] : wrapLine(line, columns)));
}

/** Lines of at most so many columns, broken anywhere, with every space kept. */
export function foldText(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const output = createLines(columns);
  for (const part of partsOf(text)) output.fill(part);
  return output.lines();
}

function wrapLine(text: string, columns: number): string[] {
  const output = createLines(columns);
  for (const { spaces, word } of wordsOf(text)) {
    if (output.width() + spaces + word.width <= columns) output.add(' '.repeat(spaces), spaces);
    else if (output.width() > 0) output.breakLine();
    if (word.width > columns) for (const part of word.parts) output.fill(part);
    else output.add(word.parts.join(''), word.width);
  }
  return output.lines();
}

/** Words with the number of spaces before them; a wide character is a word of its own. */
function* wordsOf(text: string): Generator<{ spaces: number; word: Word }> {
  let word: Word = { parts: [], width: 0 };
  let spaces = 0;
  let canBreak = false;

  for (const part of partsOf(text)) {
    if (isColorCode(part)) {
      word.parts.push(part);
      continue;
    }
    const isSpace = part === ' ';
    const isBreakable = breakable.test(part);
    const endsWord = isSpace || ((canBreak || isBreakable) && !neverFirst.test(part));
    if (endsWord && word.width > 0) {
      yield { spaces, word };
      word = { parts: [], width: 0 };
      spaces = 0;
    }
    if (isSpace) spaces += 1;
    else {
      word.parts.push(part);
      word.width += widthOf(part);
    }
    canBreak = isBreakable;
  }
  if (word.parts.length > 0) yield { spaces, word };
}

/** Colour codes and characters. */
function* partsOf(text: string): Generator<string> {
  for (const [run] of text.matchAll(/\u001b\[[\d;]*m|[^\u001b]+|\u001b/g)) {
    if (isColorCode(run)) yield run;
    else yield* graphemesOf(run);
  }
}

function isColorCode(part: string): boolean {
  return part.startsWith('\u001b[');
}

function createLines(columns: number) {
  const done: string[] = [];
  let open: string[] = [];
  let line = '';
  let width = 0;

  const close = () => line + open.map(closing).toReversed().join('');

  return {
    width: () => width,

    lines: () => [...done, close()],

    breakLine() {
      done.push(close());
      line = open.join('');
      width = 0;
    },

    add(text: string, textWidth: number) {
      for (const [code] of text.matchAll(/\u001b\[[\d;]*m/g)) {
        const rest = open.filter((other) => closing(other) !== code);
        open = rest.length < open.length || isClosing(code) ? rest : [...open, code];
      }
      line += text;
      width += textWidth;
    },

    fill(part: string) {
      const partWidth = isColorCode(part) ? 0 : widthOf(part);
      if (width + partWidth > columns && width > 0) this.breakLine();
      this.add(part, partWidth);
    },
  };
}

function closing(code: string): string {
  const number = code.slice(2, -1);
  return `\u001b[${closers[number] ?? '39'}m`;
}

function isClosing(code: string): boolean {
  return /^\u001b\[(?:0|2[2-9]|39)?m$/.test(code);
}
