import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createStyle } from '../text/style.ts';
import { createHighlighter, startOfCode } from './highlighter.ts';

async function highlighted(info: string, code: string, hasColor = true): Promise<string[]> {
  const highlighter = createHighlighter(createStyle(hasColor));
  await highlighter.prepare(info);
  let state = startOfCode;
  return code.split('\n').map((line) => {
    const next = highlighter.highlightLine(info, state, line);
    state = next.state;
    return next.text;
  });
}

describe('createHighlighter', () => {
  it('colours what it knows by the name or by another one', async () => {
    const lines = ['\x1b[35mconst\x1b[39m a = \x1b[33m1\x1b[39m;'];
    expect(await highlighted('js', 'const a = 1;')).toEqual(lines);
    expect(await highlighted('JavaScript title="x"', 'const a = 1;')).toEqual(lines);
  });

  it('goes on with what was open in the line before, and no longer', async () => {
    expect(await highlighted('python', 'a = """one\ntwo"""\nthree = 3')).toEqual([
      'a = \x1b[32m"""one\x1b[39m',
      '\x1b[32mtwo"""\x1b[39m',
      'three = \x1b[33m3\x1b[39m',
    ]);
  });

  it.each(['', 'no-such-language', '__proto__', 'constructor'])('leaves %j plain', async (info) => {
    expect(await highlighted(info, 'const a = 1;')).toEqual(['const a = 1;']);
  });

  it('leaves code plain without colour, and loads nothing for it', async () => {
    expect(createHighlighter(createStyle(false)).prepare('js')).toBeUndefined();
    expect(await highlighted('js', 'const a = 1;', false)).toEqual(['const a = 1;']);
  });

  it('leaves code plain that is very long', async () => {
    const lines = await highlighted('js', 'let a = 1;\n'.repeat(7000));
    expect(lines.at(0)).toContain('\x1b[');
    expect(lines.at(-2)).toBe('let a = 1;');
  });

  it('loses and adds no character', async () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '/* a',
        '*/',
        '"',
        "'",
        '`${a',
        '}',
        '<a href="&amp;">',
        '"""',
        '# x',
        '&lt;',
        'class A {',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('ts', 'python', 'html', 'bash', 'json', 'c++', 'yaml', 'diff', 'markdown'),
        fc.array(line, { maxLength: 8 }),
        async (info, lines) => {
          const code = lines.map((text) => text.replaceAll(/[\x00-\x1f]/g, ' '));
          const shown = await highlighted(info, code.join('\n'));
          expect(shown.map((text) => text.replaceAll(/\x1b\[\d+m/g, ''))).toEqual(
            code.length === 0 ? [''] : code,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
