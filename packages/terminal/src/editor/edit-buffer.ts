import { borderFrom, nextBorder, previousBorder } from './graphemes.ts';

/** The text of the input and the cursor, which is never within a character. */
export interface EditBuffer {
  readonly text: string;
  readonly cursor: number;
}

export const emptyBuffer: EditBuffer = { text: '', cursor: 0 };

export function toBuffer(text: string, cursor = text.length): EditBuffer {
  return { text, cursor: borderFrom(text, cursor) };
}

export function insertText({ text, cursor }: EditBuffer, added: string): EditBuffer {
  const clean = toPlainText(added);
  return toBuffer(text.slice(0, cursor) + clean + text.slice(cursor), cursor + clean.length);
}

/** The ends may come in either order. */
export function removeRange({ text }: EditBuffer, from: number, to: number): EditBuffer {
  const [start, end] = from < to ? [from, to] : [to, from];
  return toBuffer(text.slice(0, start) + text.slice(end), start);
}

/** Exchanges the characters around the cursor, or the last two at the end of a line. */
export function transpose(buffer: EditBuffer): EditBuffer {
  const { text, cursor } = buffer;
  const isAtEnd = cursor === text.length || text[cursor] === '\n';
  const middle = isAtEnd ? previousBorder(text, cursor) : cursor;
  const start = previousBorder(text, middle);
  const end = nextBorder(text, middle);
  const [first, second] = [text.slice(start, middle), text.slice(middle, end)];
  if (first === '' || second === '' || first === '\n' || second === '\n') return buffer;
  return toBuffer(text.slice(0, start) + second + first + text.slice(end), end);
}

/** Line ends as LF; of the other controls only the tab is text. */
function toPlainText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .toWellFormed();
}
