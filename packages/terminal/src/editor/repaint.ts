import { widthOf } from '../text/width.ts';
import type { Composition } from './compose-rows.ts';
import {
  disableFolding,
  enableFolding,
  eraseBelow,
  eraseLine,
  eraseToLineEnd,
  moveRows,
  moveToColumn,
} from './screen-codes.ts';

/** Terminals do not agree how wide these are. */
const uncertain = /[\u200d\ufe0f\ud800-\udfff]/;

/** Draws at the cursor, which must be in the first column of an empty row with nothing below. */
export function drawAll({ rows, cursor }: Composition): string {
  const text = disableFolding + rows.join('\r\n') + enableFolding;
  return text + moveRows(cursor.row - rows.length + 1) + moveToColumn(cursor.column);
}

/** Only the difference between the rows on the screen and the new ones. */
export function drawChanges(before: Composition, after: Composition): string {
  const typed = typedText(before, after);
  if (typed !== undefined) return typed;

  let row = before.cursor.row;
  let output = '';
  const moveTo = (target: number) => {
    // Only a line feed makes a row where there is none yet.
    const isNew = target >= before.rows.length && target === row + 1;
    output += isNew ? '\r\n' : `${moveRows(target - row)}\r`;
    row = target;
  };
  after.rows.forEach((content, index) => {
    const old = before.rows[index];
    if (content === old) return;
    if (index >= before.rows.length && row < index - 1) moveTo(index - 1);
    moveTo(index);
    output += old === undefined ? content : rewriteRow(old, content);
  });
  if (after.rows.length < before.rows.length) {
    moveTo(after.rows.length);
    output += eraseBelow;
  }
  if (output !== '') output = disableFolding + output + enableFolding;
  const isMoved = output !== '' || before.cursor.column !== after.cursor.column;
  if (!isMoved && row === after.cursor.row) return '';
  return output + moveRows(after.cursor.row - row) + moveToColumn(after.cursor.column);
}

function rewriteRow(old: string, content: string): string {
  if (uncertain.test(old + content)) return eraseLine + content;
  // After a full row the cursor is still on its last character.
  return content + (widthOf(content) < widthOf(old) ? eraseToLineEnd : '');
}

/** The most frequent change by far: some characters more at the end of the row with the cursor. */
function typedText(before: Composition, after: Composition): string | undefined {
  const { row, column } = before.cursor;
  const [old = '', next = ''] = [before.rows[row], after.rows[row]];
  const typed = next.slice(old.length);
  const isTyped =
    before.rows.length === after.rows.length &&
    /^[ -~]+$/.test(typed) &&
    next.startsWith(old) &&
    !uncertain.test(old) &&
    widthOf(old) === column &&
    after.cursor.row === row &&
    after.cursor.column === column + typed.length &&
    before.rows.every((content, index) => index === row || content === after.rows[index]);
  return isTyped ? typed : undefined;
}
