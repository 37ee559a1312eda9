import { toSafeText } from './safe-text.ts';
import type { Paint, Style } from './style.ts';
import { padToWidth, truncateToWidth, widthOf } from './width.ts';

export interface TableColumn<Row> {
  readonly title: string;
  /** The plain text of a cell; it may hold anything, as it is filtered here. */
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Gives way when the terminal is too narrow. */
  readonly isFlexible?: boolean;
  readonly paint?: Paint;
}

export interface TableOptions {
  readonly style: Style;
  /** Of the terminal; undefined for a pipe, where nothing is cut and tabs stand between the cells. */
  readonly columns?: number | undefined;
}

const gap = '  ';
const fewestColumns = 4;

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
  const toLine = (line: readonly string[], paintOf: (index: number) => Paint | undefined) => {
    const painted = line.map((cell, index) => {
      const width = widths[index] ?? 0;
      const text = padToWidth(truncateToWidth(cell, width), width, columns[index]?.align ?? 'left');
      const shown = index === line.length - 1 ? text.trimEnd() : text;
      return paintOf(index)?.(shown) ?? shown;
    });
    return `${painted.filter((_cell, index) => widths[index] !== 0).join(gap)}\n`;
  };
  return [
    toLine(titles, () => options.style.dim),
    ...cells.map((line) => toLine(line, (index) => columns[index]?.paint)),
  ].join('');
}

/** Flexible columns give way first, the widest most; then the others from the right. */
function shrink<Row>(
  columns: readonly TableColumn<Row>[],
  natural: readonly number[],
  room: number,
): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + gap.length, -gap.length) - room;
  const flexible = columns.flatMap((column, index) => (column.isFlexible === true ? [index] : []));
  for (; excess > 0; excess -= 1) {
    const widest = flexible.reduce(
      (best, index) => ((widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      flexible[0] ?? -1,
    );
    if ((widths[widest] ?? 0) <= fewestColumns) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  for (let index = widths.length - 1; index > 0 && excess > 0; index -= 1) {
    const width = widths[index] ?? 0;
    const taken = width - excess < fewestColumns ? width + gap.length : excess;
    widths[index] = Math.max(0, width - taken);
    excess -= taken;
  }
  if (excess > 0) widths[0] = Math.max(0, (widths[0] ?? 0) - excess);
  return widths;
}

function toOneLine(text: string): string {
  return toSafeText(text).replaceAll(/\s+/g, ' ').trim();
}
