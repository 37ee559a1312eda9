import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const folder = 'packages/cli/src/commands';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /(?<![.]test)[.]ts$/.test(name),
);

const MOST_LINES = 60;

describe('the table of commands', () => {
  it('has every file of the folder', async () => {
    const { commands } = (await import(`${process.cwd()}/packages/cli/src/command-table.ts`)) as {
      commands: Record<string, unknown>;
    };
    const ids = files.map((name) => name.replace(/[.]ts$/, '').replaceAll('/', ' '));
    expect(Object.keys(commands).sort()).toEqual(ids.sort());
  });
});

describe('a command', () => {
  it.each(files)(`has at most ${MOST_LINES} lines of code: %s`, (name) => {
    expect(linesOfCode(readFileSync(`${folder}/${name}`, 'utf8'))).toBeLessThanOrEqual(MOST_LINES);
  });
});

/** Neither blank nor only a comment. */
function linesOfCode(text: string): number {
  return text.split('\n').filter((line) => !/^\s*($|[/]{2}|[/]?[*])/.test(line)).length;
}
