const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a chart, exact to an eighth of a column; what is not nothing is never invisible. */
export function toBar(value: number, largest: number, columns: number): string {
  if (!(value > 0) || !(largest > 0)) return '';
  const parts = Math.max(1, Math.round((Math.min(value, largest) / largest) * columns * 8));
  return '█'.repeat(parts >> 3) + (eighths[parts & 7] ?? '');
}
