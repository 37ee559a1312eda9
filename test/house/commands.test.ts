import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const folder = 'packages/cli/src/commands';

describe('the table of commands', () => {
  it('has every file of the folder', async () => {
    const { commands } = (await import(`${process.cwd()}/${folder}/index.ts`)) as {
      commands: Record<string, unknown>;
    };
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!index|[.]test)[.]ts$/.test(name))
      .map((name) => name.replace(/[.]ts$/, '').replaceAll('/', ' '));
    expect(Object.keys(commands).sort()).toEqual(files.sort());
  });
});
