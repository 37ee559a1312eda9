import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { showInPager } from './pager.ts';

let folder: string;
const searchPath = async () => process.env.PATH ?? '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synapse-pager-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function createOutput(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY });
  return { output, text: () => String(output.read() ?? '') };
}

describe('showInPager', () => {
  it('gives the whole text to the pager on a terminal', async () => {
    const { output, text } = createOutput(true);
    const file = join(folder, 'shown');
    const long = 'a line\n'.repeat(50_000);
    await showInPager(long, {
      output,
      environment: { ...process.env, TERM: 'xterm', PAGER: `cat > '${file}'` },
      searchPath,
    });
    expect(await readFile(file, 'utf8')).toBe(long);
    expect(text()).toBe('');
  });

  it.each([
    [{}, 'FRX'],
    [{ LESS: '-M' }, '-M'],
  ])(
    'lets a less that PAGER names show colours, unless LESS says otherwise: %j',
    async (own, seen) => {
      const file = join(folder, 'less');
      const environment = {
        PATH: process.env.PATH,
        TERM: 'xterm',
        ...own,
        PAGER: `printenv LESS > '${file}'`,
      };
      await showInPager('text\n', { output: createOutput(true).output, environment, searchPath });
      expect(await readFile(file, 'utf8')).toBe(`${seen}\n`);
    },
  );

  it.each([
    ['a pipe', false, { PAGER: 'false' }],
    ['a dumb terminal', true, { PAGER: 'false', TERM: 'dumb' }],
    ['an empty PAGER', true, { PAGER: '' }],
    ['a pager that is not there', true, { PAGER: 'no-such-pager-anywhere' }],
  ])('shows it plainly for %s', async (_name, isTTY, variables) => {
    const { output, text } = createOutput(isTTY);
    await showInPager('text\n', {
      output,
      environment: { PATH: process.env.PATH, TERM: 'xterm', ...variables },
      searchPath,
    });
    expect(text()).toBe('text\n');
  });

  it('is quiet when the pager is left early', async () => {
    const { output, text } = createOutput(true);
    const environment = { PATH: process.env.PATH, PAGER: 'head -n 1 > /dev/null' };
    await showInPager('a line\n'.repeat(200_000), { output, environment, searchPath });
    expect(text()).toBe('');
  });
});
