import { widthOf } from '../text/width.ts';
import { foldText } from '../text/wrap.ts';

export interface Screen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly rows: () => number;
}

/** The bottom of what is written to a terminal: final lines go up and away, a preview stays below. */
interface LiveRegion {
  paint(lines: readonly string[], preview: readonly string[]): void;
  /**
   * Somebody else has written since: the next paint begins anew where the cursor is. What is settled
   * and stood at the top of the preview stays where it is, and is not written again.
   */
  forget(settled: readonly string[]): void;
}

/** Terminals that know this sequence show the text between at once; others ignore it. */
const beginUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';
const eraseLine = '\u001b[2K';
const eraseBelow = '\u001b[J';

/**
 * Rewrites only rows that changed, and never more rows than the screen has: rows that have scrolled
 * away are not touched. The cursor rests after the last row of the preview.
 */
export function createLiveRegion(screen: Screen): LiveRegion {
  let drawn: readonly string[] = [];
  let drawnColumns = screen.columns();
  /** Rows that are left where they were, before all that is painted since. */
  let above: readonly string[] = [];

  /** Returns the lines that are not above, and the rows above that are still to come. */
  const passOver = (lines: readonly string[], columns: number) => {
    let rest = above;
    let count = 0;
    while (rest.length > 0 && count < lines.length) {
      const rows = foldText(lines[count] ?? '', columns);
      if (rows.some((row, index) => row !== rest[index])) {
        above = rest = [];
        break;
      }
      rest = rest.slice(rows.length);
      count += 1;
    }
    return { lines: lines.slice(count), rest };
  };

  return {
    paint(lines, preview) {
      const columns = screen.columns();
      const most = Math.max(1, screen.rows() - 1);
      const final = passOver(lines, columns);
      above = final.rest;
      const shown = passOver(preview, columns).lines;
      const rows = shown.flatMap((line) => foldText(line, columns)).slice(-most);
      const next = [...final.lines, ...rows];
      const isResized = columns !== drawnColumns;
      const update = isResized
        ? redraw(Math.min(heightOf(drawn, columns), most), next, rows.length > 0)
        : change(drawn, next, columns, rows.length > 0);
      if (update !== '') screen.write(update);
      drawn = rows;
      drawnColumns = columns;
    },
    forget(settled) {
      const rows = settled.flatMap((line) => foldText(line, drawnColumns));
      const standing = [...above, ...drawn];
      const differs = rows.findIndex((row, index) => row !== standing[index]);
      above = differs < 0 ? rows : rows.slice(0, differs);
      drawn = [];
    },
  };
}

/** Terminals fold the rows that have become too wide. */
function heightOf(rows: readonly string[], columns: number): number {
  return rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(widthOf(row) / columns)), 0);
}

function redraw(height: number, next: readonly string[], hasPreview: boolean): string {
  const update = (height > 0 ? `${up(height - 1)}\r` : '') + eraseBelow + next.join('\n');
  return beginUpdate + update + (hasPreview || next.length === 0 ? '' : '\n') + endUpdate;
}

function change(
  drawn: readonly string[],
  next: readonly string[],
  columns: number,
  hasPreview: boolean,
): string {
  let first = 0;
  while (first < drawn.length && drawn[first] === next[first]) first += 1;
  const last = drawn.length - 1;
  const ending = hasPreview || next.length === 0 ? '' : '\n';

  if (first > last) {
    const added = next.slice(drawn.length);
    const glue = drawn.length > 0 && added.length > 0 ? '\n' : '';
    return glue + added.join('\n') + ending;
  }
  // If rows are only removed, the cursor still has to come to rest after the last one.
  first = Math.min(first, Math.max(0, next.length - 1));
  const before = drawn[last] ?? '';
  const after = next[last] ?? '';
  if (
    first === last &&
    after.startsWith(before) &&
    /^[\u001b -~]/.test(after.slice(before.length))
  ) {
    return [after.slice(before.length), ...next.slice(drawn.length)].join('\n') + ending;
  }

  const update = `${up(last - first)}\r${rewrite(drawn.slice(first), next.slice(first), columns)}`;
  return beginUpdate + update + ending + endUpdate;
}

function rewrite(drawn: readonly string[], next: readonly string[], columns: number): string {
  let isClean = next.length < drawn.length;
  const start = isClean ? eraseBelow : '';
  const rows: string[] = [];
  for (const [index, row] of next.entries()) {
    if (isClean || index >= drawn.length) rows.push(row);
    else if (row === drawn[index] && index < next.length - 1) rows.push('');
    else {
      // The terminal folds a wide row over those below, whatever they contain.
      isClean = widthOf(row) > columns;
      rows.push((isClean ? eraseBelow : eraseLine) + row);
    }
  }
  return start + rows.join('\n');
}

function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : '';
}
