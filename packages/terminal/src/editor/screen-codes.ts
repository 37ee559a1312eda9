/** Terminals that know these sequences show the text between at once; others ignore them. */
export const beginUpdate = '\u001b[?2026h';
export const endUpdate = '\u001b[?2026l';
/** What is wider on this terminal than we think is cut, and takes no row that we do not know of. */
export const disableFolding = '\u001b[?7l';
export const enableFolding = '\u001b[?7h';
export const eraseLine = '\u001b[2K';
/** This row and all below. Asked from the very corner, tmux would keep a copy in its history. */
export const eraseBelow = '\u001b[2K\u001b[C\u001b[J\r';
export const eraseToLineEnd = '\u001b[K';
export const clearScreen = '\u001b[H\u001b[2J';
export const askForCursor = '\u001b[6n';
export const enablePasteMarks = '\u001b[?2004h';
export const disablePasteMarks = '\u001b[?2004l';

/** Down for a positive count, up for a negative one. */
export function moveRows(count: number): string {
  if (count === 0) return '';
  return count > 0 ? `\u001b[${count}B` : `\u001b[${-count}A`;
}

export function moveToColumn(column: number): string {
  return column > 0 ? `\r\u001b[${column}C` : '\r';
}
