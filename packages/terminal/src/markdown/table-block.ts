import type { Tokens } from 'marked';
import { padToWidth, widthOf } from '../text/width.ts';
import { wrapText } from '../text/wrap.ts';
import type { BlockOptions } from './block-options.ts';
import { toInlineText } from './inline.ts';

/** A cell with a longer text needs this much, or its words are broken. */
const narrowestCell = 8;
const separator = ' │ ';

/** Columns as wide as their cells, or as the terminal lets them be; a cell that is wider is wrapped. */
export function toTableLines(table: Tokens.Table, options: BlockOptions): string[] {
  const { columns, style } = options;
  const toCell = (cell: Tokens.TableCell) => toInlineText(cell.tokens, style);
  const header = table.header.map(toCell);
  const rows = table.rows.map((row) => row.map(toCell));
  const room = columns - separator.length * (header.length - 1);
  const natural = header.map((_cell, column) =>
    [header, ...rows].reduce((widest, row) => Math.max(widest, cellWidth(row[column] ?? '')), 1),
  );
  const needed = natural.reduce((sum, width) => sum + Math.min(width, narrowestCell), 0);
  if (needed > room) return toRecordLines(header, rows, options);

  const widths = fitWidths(natural, room);
  const toLines = (cells: readonly string[]) =>
    layOutRow(cells, widths, table, style.dim(separator));
  const rule = style.dim(widths.map((width) => '─'.repeat(width)).join('─┼─'));
  return [...toLines(header.map(style.bold)), rule, ...rows.flatMap(toLines)];
}

function cellWidth(cell: string): number {
  return Math.max(...cell.split('\n').map(widthOf));
}

/** Narrow columns keep their width; the wide ones share what is left. */
function fitWidths(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  let open = natural.map((_width, column) => column);
  let left = room;
  while (open.length > 0) {
    const share = Math.floor(left / open.length);
    const fitting = open.filter((column) => (natural[column] ?? 0) <= share);
    if (fitting.length === 0) {
      open.forEach(
        (column, index) => (widths[column] = share + (index < left % open.length ? 1 : 0)),
      );
      break;
    }
    for (const column of fitting) left -= natural[column] ?? 0;
    open = open.filter((column) => !fitting.includes(column));
  }
  return widths;
}

function layOutRow(
  cells: readonly string[],
  widths: readonly number[],
  table: Tokens.Table,
  between: string,
): string[] {
  const wrapped = widths.map((width, column) => wrapText(cells[column] ?? '', width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_row, line) =>
    widths
      .map((width, column) =>
        padToWidth(wrapped[column]?.[line] ?? '', width, table.align[column] ?? 'left'),
      )
      .join(between)
      .trimEnd(),
  );
}

/** More columns than fit: every row becomes a short list of titles and cells. */
function toRecordLines(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, style }: BlockOptions,
): string[] {
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.flatMap((cell, column) =>
      wrapText(`${style.bold(`${header[column] ?? ''}:`)} ${cell}`, columns),
    ),
  ]);
}
