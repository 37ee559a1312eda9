import { renderMarkdown } from '@synapse/terminal/markdown';
import { toSafeText, type Style, wrapText } from '@synapse/terminal';
import type { TranscriptBlock } from './transcript.ts';

/** For a terminal: headings stand out, answers are rendered, the rest steps back. */
export async function renderTranscript(
  blocks: readonly TranscriptBlock[],
  { columns, style }: { columns: number; style: Style },
): Promise<string> {
  let output = '';
  for (const { kind, text } of blocks) {
    if (kind === 'heading') {
      const lines = wrapText(text, columns).map((line) => `${style.bold(style.cyan(line))}\n`);
      output += (output && '\n') + lines.join('');
    } else if (kind === 'text') output += await renderMarkdown(text, { columns, style });
    else {
      const lines = wrapText(toSafeText(text), Math.max(1, columns - 2));
      output += lines.map((line) => `  ${style.dim(line)}\n`).join('');
    }
  }
  return output;
}

/** For a pipe: the plain text of the messages, under the same headings. */
export function plainTranscript(blocks: readonly TranscriptBlock[]): string {
  return blocks
    .map(({ kind, text }, index) => {
      if (kind === 'heading') return `${index === 0 ? '' : '\n'}${text}\n`;
      return text === '' || text.endsWith('\n') ? text : `${text}\n`;
    })
    .join('');
}
