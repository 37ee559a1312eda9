import { firstLine, languageNeededBy, readEnd, readLine, startOfDocument } from '@synapse/markdown';
import { toSafeText } from '../text/safe-text.ts';
import type { Style } from '../text/style.ts';
import { startOfOutput, writePieces } from './block-writer.ts';
import { createHighlighter } from './highlighter.ts';

/** A whole document as text for a terminal or its pager, with a final line end. */
export async function renderMarkdown(
  source: string,
  { columns, style }: { readonly columns: number; readonly style: Style },
): Promise<string> {
  const highlighter = createHighlighter(style);
  const options = { columns, style, highlighter };
  let output = '';
  let rest = toSafeText(source);
  let reader = startOfDocument;
  let writer = startOfOutput;

  const write = (pieces: ReturnType<typeof readEnd>) => {
    const written = writePieces(writer, pieces, options);
    writer = written.state;
    for (const line of written.lines) output += `${line}\n`;
  };

  for (const line of rest.split('\n')) await highlighter.prepare(languageNeededBy(line) ?? '');
  for (let line = firstLine(rest); line !== undefined; line = firstLine(rest)) {
    rest = rest.slice(line.length);
    const read = readLine(reader, line);
    reader = read.state;
    write(read.pieces);
  }
  write(readEnd({ ...reader, tail: reader.tail + rest }));
  return output;
}
