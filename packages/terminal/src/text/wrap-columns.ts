import { wrapText } from './wrap.ts';

const FEWEST_COLUMNS = 28;

/**
 * Lines of two columns, as help has them, for a narrower terminal: text that is too long continues below
 * its own column, or, where that leaves hardly any room, a little further in on the next line.
 */
export function wrapColumns(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= columns ? [line] : wrapLine(line, columns)))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  const [first = ''] = /^ *\S.*? {2,}(?=\S)/.exec(line) ?? [];
  if (first !== '' && columns - first.length >= FEWEST_COLUMNS) {
    return indented(line.slice(first.length), first, ' '.repeat(first.length), columns);
  }
  const margin = /^ */.exec(line)?.[0] ?? '';
  const further = `${margin}  `;
  if (first === '') return indented(line.trim(), margin, further, columns);
  const rest = line.slice(first.length);
  return [...wrapLine(first.trimEnd(), columns), ...indented(rest, further, further, columns)];
}

function indented(text: string, first: string, other: string, columns: number): string[] {
  const lines = wrapText(text, Math.max(1, columns - other.length));
  return lines.map((line, index) => `${index === 0 ? first : other}${line}`);
}
