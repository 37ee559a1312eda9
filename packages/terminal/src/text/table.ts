import { toSafeText } from './safe-text.ts';
import type { Paint, Style } from './style.ts';
import { padToWidth, truncateToWidth, widthOf } from './width.ts';

export interface TableColumn<Row> {
  readonly title: string;
  /** The plain text of a cell; it may contain anything, because it is filtered here. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Gives way when the terminal is too narrow. */
  readonly isFlexible?: boolean;
  /** The width that a flexible column keeps; columns to its right are dropped before it gets narrower. */
  readonly fewest?: number;
  readonly paint?: Paint;
}

export interface TableOptions {
  readonly style: Style;
  /** The width of the terminal; undefined for a pipe, where nothing is cut and tabs separate the cells. */
  readonly columns?: number | undefined;
}

const gap = '  ';
const fewestAtAll = 4;

/** Rows under their titles, each on one line. */
export function toTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map((column) => toOneLine(column.text(row))));
  if (options.columns === undefined) {
    return [titles, ...cells].map((line) => `${line.join('\t')}\n`).join('');
  }

  const natural = columns.map((_column, index) =>
    [titles, ...cells].reduce((widest, line) => Math.max(widest, widthOf(line[index] ?? '')), 0),
  );
  const widths = shrink(columns, natural, options.columns);
  const last = widths.findLastIndex((width) => width > 0);
  const toLine = (line: readonly string[], paintOf: (index: number) => Paint | undefined) => {
    const painted = line.map((cell, index) => {
      const width = widths[index] ?? 0;
      const text = padToWidth(truncateToWidth(cell, width), width, columns[index]?.align ?? 'left');
      const shown = index === last ? text.trimEnd() : text;
      return paintOf(index)?.(shown) ?? shown;
    });
    return `${painted.filter((_cell, index) => widths[index] !== 0).join(gap)}\n`;
  };
  return [
    toLine(titles, () => options.style.dim),
    ...cells.map((line) => toLine(line, (index) => columns[index]?.paint)),
  ].join('');
}

/** Flexible columns give way first, the widest most; then columns go whole, from the right: half a number is none. */
function shrink<Row>(
  columns: readonly TableColumn<Row>[],
  natural: readonly number[],
  room: number,
): number[] {
  const widths = [...natural];
  const widthAt = (index: number) => widths[index] ?? 0;
  let excess = widths.reduce((sum, width) => sum + width + gap.length, -gap.length) - room;
  const flexible = columns.flatMap((column, index) => (column.isFlexible === true ? [index] : []));
  for (; excess > 0; excess -= 1) {
    const [widest] = flexible
      .filter((index) => widthAt(index) > (columns[index]?.fewest ?? fewestAtAll))
      .sort((one, other) => widthAt(other) - widthAt(one));
    if (widest === undefined) break;
    widths[widest] = widthAt(widest) - 1;
  }
  for (let index = widths.length - 1; index > 0 && excess > 0; index -= 1) {
    excess -= widthAt(index) + gap.length;
    widths[index] = 0;
  }
  if (excess > 0) widths[0] = Math.max(0, widthAt(0) - excess);
  for (; excess < 0; excess += 1) {
    const isCut = (index: number) => widthAt(index) > 0 && widthAt(index) < (natural[index] ?? 0);
    const cut = flexible.find(isCut);
    if (cut === undefined) break;
    widths[cut] = widthAt(cut) + 1;
  }
  return widths;
}

function toOneLine(text: string): string {
  return toSafeText(text).replaceAll(/\s+/g, ' ').trim();
}
