import { parsePatch, type StructuredPatch, type StructuredPatchHunk } from 'diff';
import { toSafeText } from '../text/safe-text.ts';
import type { Style } from '../text/style.ts';
import { expandTabs } from '../text/width.ts';
import { wrapText } from '../text/wrap.ts';
import { markChangedWords } from './mark-changed-words.ts';

export interface PatchOptions {
  readonly style: Style;
  readonly columns: number;
}

interface PatchLine {
  readonly sign: '+' | '-' | ' ';
  readonly number: number;
  readonly text: string;
}

const signs = { '+': '+', '-': '−', ' ': ' ' };

/** The lines that a unified diff adds and removes; undefined if the text is none. */
export function countChanges(text: string): { added: number; removed: number } | undefined {
  const hunks = readHunks(text);
  if (hunks === undefined) return undefined;
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { added: count('+'), removed: count('-') };
}

/**
 * The rows of a unified diff: the number of each line in its own file, the sign, and the text. Words
 * that changed within a line are marked, so that they are seen without colours. Undefined if the text
 * is no unified diff.
 */
export function showPatch(text: string, { style, columns }: PatchOptions): string[] | undefined {
  const hunks = readHunks(text);
  if (hunks === undefined) return undefined;
  const numbered = hunks.map(toLines);
  const digits = String(Math.max(0, ...numbered.flat().map(({ number }) => number))).length;
  const gutter = digits + 3;
  const toRows = ({ number, sign }: PatchLine, shown: string) =>
    wrapText(paint(sign, shown, style), Math.max(1, columns - gutter)).map((row, index) => {
      const lead = index === 0 ? `${String(number).padStart(digits)} ${signs[sign]} ` : '';
      return style.dim(lead.padEnd(gutter)) + row;
    });
  return numbered.flatMap((lines, index) => {
    const shown = markChangedWords(lines, style);
    const rows = lines.flatMap((line, at) => toRows(line, shown[at] ?? ''));
    return index === 0 ? rows : [style.dim(' '.repeat(digits) + ' ⋮'), ...rows];
  });
}

/** What may stand above the first change. */
const header =
  /^(?:(?:diff|index|old|new|deleted|similarity|rename|Index:|=+|---|\+\+\+)[^\n]*\n)+@@ -\d/;

/** One file, whose header need not name it, and nothing besides: other text must not be lost. */
function readHunks(text: string): readonly StructuredPatchHunk[] | undefined {
  if (!header.test(text)) return undefined;
  let files: StructuredPatch[];
  try {
    files = parsePatch(text);
  } catch {
    return undefined;
  }
  const [file] = files;
  if (!file || files.length !== 1) return undefined;
  const lines = text.replace(/\n$/, '').split('\n');
  const first = lines.findIndex((line) => line.startsWith('@@ -'));
  const count = file.hunks.reduce((sum, hunk) => sum + 1 + hunk.lines.length, first);
  return count === lines.length ? file.hunks : undefined;
}

function toLines({ lines, oldStart, newStart }: StructuredPatchHunk): PatchLine[] {
  let [before, after] = [oldStart, newStart];
  return lines.flatMap((line): PatchLine[] => {
    const text = toShownText(line.slice(1));
    if (line.startsWith('-')) return [{ sign: '-', number: before++, text }];
    if (line.startsWith('+')) return [{ sign: '+', number: after++, text }];
    // "\ No newline at end of file" belongs to the line before it.
    if (line.startsWith('\\')) return [];
    before += 1;
    return [{ sign: ' ', number: after++, text }];
  });
}

/** A carriage return is a difference that must be seen, and must not overwrite the line. */
function toShownText(line: string): string {
  return expandTabs(toSafeText(line.replaceAll('\r', '␍')).replaceAll('\n', ' '));
}

function paint(sign: PatchLine['sign'], text: string, style: Style): string {
  if (sign === ' ') return text;
  return sign === '+' ? style.green(text) : style.red(text);
}
