import { toSafeText } from '../text/safe-text.ts';
import type { Style } from '../text/style.ts';
import { padToWidth, truncateToWidth, widthOf } from '../text/width.ts';
import type { CompletionMenu } from './completion.ts';
import type { LayoutText, Place } from './layout.ts';
import type { View } from './view.ts';

export interface Composition {
  /** No row is wider than the screen. */
  readonly rows: readonly string[];
  readonly cursor: Place;
}

export interface ComposeOptions {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly layout: LayoutText;
}

const mostMenuRows = 8;
const leastTextColumns = 4;

/** The rows of the region: the text with its prompt, the menu, the status; the text comes first. */
export function composeRows(view: View, options: ComposeOptions): Composition {
  const { columns, rows: screenRows, style } = options;
  const { text, indent, toRow } = layOut(view, options);

  const status = view.status ? [style.dim(truncateToWidth(oneLine(view.status), columns))] : [];
  const mostBelow = Math.max(0, screenRows - Math.min(text.rows.length, Math.ceil(screenRows / 2)));
  const menu = view.menu ? menuRows(view.menu, mostBelow - status.length, options) : [];
  const below = [...menu, ...status].slice(0, mostBelow);

  const most = Math.max(1, screenRows - below.length);
  const first = Math.max(0, Math.min(text.cursor.row - most + 1, text.rows.length - most));
  const shown = text.rows.slice(first, first + most).map((row, index) => toRow(row, first + index));
  return {
    rows: [...shown, ...below],
    cursor: { row: text.cursor.row - first, column: indent + text.cursor.column },
  };
}

/** The rows that stay on the screen after the input: as much of the text as fits. */
export function composeFinalRows(view: View, options: ComposeOptions): string[] {
  const { text, toRow } = layOut({ ...view, cursor: 0 }, options);
  const rows = text.rows.slice(0, options.rows).map(toRow);
  const missing = text.rows.length - rows.length;
  if (missing > 0) rows.push(options.style.dim(`… and ${missing} more`));
  return rows;
}

function layOut(view: View, { columns, style, layout }: ComposeOptions) {
  const prompt = truncateToWidth(oneLine(view.prompt), Math.max(0, columns - leastTextColumns));
  const indent = widthOf(prompt);
  return {
    text: layout(view.text, view.cursor, Math.max(1, columns - indent)),
    indent,
    toRow: (row: string, index: number) =>
      (index === 0 ? style.cyan(prompt) : ' '.repeat(indent)) + row,
  };
}

function menuRows(
  menu: CompletionMenu,
  most: number,
  { columns, style }: ComposeOptions,
): string[] {
  const { candidates } = menu.completion;
  const count = Math.min(most, mostMenuRows, candidates.length);
  if (count <= 0) return [];
  const first = Math.min(Math.max(0, menu.index - count + 1), candidates.length - count);
  const labels = candidates.map(({ value, label = value }) => oneLine(label.trimEnd()));
  const labelColumns = Math.min(
    Math.max(...labels.slice(first, first + count).map(widthOf)),
    Math.max(leastTextColumns, Math.floor(columns / 2)),
  );
  return candidates.slice(first, first + count).map(({ description }, index) => {
    const label = labels[first + index] ?? '';
    const mark = first + index === menu.index ? '› ' : '  ';
    const isAlone = description === undefined || columns < labelColumns + 8;
    if (isAlone) return emphasize(truncateToWidth(mark + label, columns));
    const start = mark + padToWidth(truncateToWidth(label, labelColumns), labelColumns);
    const rest = truncateToWidth(oneLine(description), columns - widthOf(start) - 2);
    return `${emphasize(start)}  ${style.dim(rest)}`;

    function emphasize(text: string): string {
      return first + index === menu.index ? style.bold(text) : text;
    }
  });
}

function oneLine(text: string): string {
  return toSafeText(text).replaceAll(/[\n\t]/g, ' ');
}
