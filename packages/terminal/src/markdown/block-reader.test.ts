import { firstLine, type Piece, readEnd, readLine, startOfDocument } from '@synapse/markdown';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lexer } from 'marked';
import { createStyle } from '../text/style.ts';
import { toBlocksLines } from './block.ts';
import { startOfOutput, writePieces } from './block-writer.ts';
import { createHighlighter } from './highlighter.ts';

const style = createStyle(false);
const options = { columns: 40, style, highlighter: createHighlighter(style) };

function read(text: string) {
  const pieces: Piece[] = [];
  let state = startOfDocument;
  let rest = text;
  let longestTail = 0;
  for (let line = firstLine(rest); line !== undefined; line = firstLine(rest)) {
    rest = rest.slice(line.length);
    const result = readLine(state, line);
    pieces.push(...result.pieces);
    state = result.state;
    longestTail = Math.max(longestTail, state.tail.length);
  }
  const tail = state.tail + rest;
  return { early: pieces, all: [...pieces, ...readEnd({ ...state, tail })], longestTail };
}

/** Blank lines at the ends of code are dropped by the lexer, but shown while they stream. */
const withoutBlanks = (lines: readonly string[]) => lines.filter((text) => text.trim() !== '');

const linesOf = (pieces: readonly Piece[], layout = options) =>
  writePieces(startOfOutput, pieces, layout).lines;

const line = fc.constantFrom(
  'word',
  'two words',
  '',
  '',
  '# heading',
  '---',
  '===',
  '- item',
  '  - nested',
  '    - deep',
  '1. one',
  '2. two',
  '   continued',
  '> quote',
  '>',
  '> - in quote',
  '```',
  '```js',
  '~~~',
  '    code',
  '| a | b |',
  '|---|---|',
  '| 1 | 2 |',
  '<div>',
  '</div>',
  '<!-- note',
  '-->',
  '* star',
  '+ plus',
  '***',
  '- [ ] task',
  '\\# no heading',
  '**bold',
  'end**',
  '`tick',
);

describe('readLine', () => {
  it('makes final what the whole document has there', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        const text = lines.join('\n');
        expect(withoutBlanks(linesOf(read(text).all))).toEqual(
          withoutBlanks(toBlocksLines(new Lexer().lex(text), options)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('makes every block but the last final', () => {
    expect(linesOf(read('# a\nb\n\nc\n').early)).toEqual(['# a', '', 'b']);
  });

  it('makes every item but the last final', () => {
    expect(linesOf(read('3. a\n3. b\n3. c\n').early)).toEqual(['3. a', '4. b']);
  });

  it('makes the lines of a fence final at once', () => {
    expect(linesOf(read('```\na\nb\nc').early)).toEqual(['  a', '  b']);
  });

  it.each([
    ['paragraph', 'Some words of prose, and more. '.repeat(4000)],
    ['list', '- an item\n\n'.repeat(10_000)],
    ['code', `\`\`\`\n${'line\n'.repeat(20_000)}`],
  ])('keeps little of a long %s back', (_name, text) => {
    expect(read(text).longestTail).toBeLessThan(8192);
  });

  it('cuts a long paragraph where no one sees it', () => {
    const colored = { ...options, style: createStyle(true) };
    const sentence = 'Some words with **bold ones in a row** and `code of words` in it.';
    for (const text of [
      `${sentence} `.repeat(150).trim(),
      `${sentence}\n`.repeat(150),
      '日本語のテキスト。'.repeat(1500),
    ]) {
      const { all } = read(text);
      expect(all.length).toBeGreaterThan(3);
      expect(linesOf(all, colored)).toEqual(toBlocksLines(new Lexer().lex(text), colored));
    }
  });

  it('keeps links that were named before', () => {
    expect(linesOf(read('[x]: http://example.org\n\none\n\n[x]\n').all)).toEqual([
      'one',
      '',
      'x (http://example.org)',
    ]);
  });

  it('ignores undefined link references', () => {
    expect(linesOf(read('[constructor] [toString]').all)).toEqual(['[constructor] [toString]']);
  });
});
