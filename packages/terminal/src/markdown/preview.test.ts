import { openingFence, startOfDocument, toPreview } from '@synapse/markdown';
import { describe, expect, it } from '@jest/globals';
import { createStyle } from '../text/style.ts';
import { startOfOutput, writePieces } from './block-writer.ts';
import { createHighlighter } from './highlighter.ts';

const style = createStyle(true);
const options = { columns: 40, style, highlighter: createHighlighter(style) };

function preview(unread: string, mostCharacters = 4000, state = startOfDocument) {
  return writePieces(startOfOutput, toPreview(state, unread, mostCharacters), options).lines;
}

describe('toPreview', () => {
  it.each([
    ['text', ['text']],
    ['text\n-', ['text']],
    ['text\n\n1.', ['text']],
    ['text\n\n##', ['text']],
    ['```', []],
    ['a **bo', ['a \x1b[1mbo\x1b[22m']],
    ['a **', ['a **']],
    ['a **b** c', ['a \x1b[1mb\x1b[22m c']],
    ['run `ls -l', ['run \x1b[36mls -l\x1b[39m']],
  ])('shows %j as %j', (unread, lines) => {
    expect(preview(unread)).toEqual(lines);
  });

  it('shows a line of code, but not half an end of it', () => {
    const fence = openingFence('```\n');
    const state = { ...startOfDocument, ...(fence === undefined ? {} : { fence }) };
    expect(preview('a **b', 4000, state)).toEqual(['  a **b']);
    expect(preview('---', 4000, state)).toEqual(['  ---']);
    expect(preview('``', 4000, state)).toEqual([]);
  });

  it('looks at the end of a long block only, and keeps the head of a table', () => {
    expect(preview('words '.repeat(2000), 1000).length).toBeLessThan(40);
    const table = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(1000)}`;
    const lines = preview(table, 1000);
    expect(lines[0]).toContain('\x1b[1ma\x1b[22m');
    expect(lines.length).toBeLessThan(110);
  });
});
