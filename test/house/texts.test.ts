import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';

const files = {
  'src/errors.ts': `import { x } from 'a module with spaces';
export class PlantedError extends Error {
  hint = 'planted hint of a property';
}
throw new PlantedError(\`planted message about \${x} in a template\`);
/** Planted comment over a value. */
export const plantedName = { description: 'Planted' };
const query = 'select id from ?? where id = ?';
const joined = 'planted first half, ' + \`and second half of \${x}\`;
const inside = \`\${x ? 'planted text in a placeholder' : ''}\`;
`,
  'src/errors.test.ts': `const text = 'not planted: a text of a test';\n`,
  'page.md':
    '# Planted heading\n\nPlanted sentence one. Planted\nsentence two.\n\n```sh\nnot planted\n```\n',
  'example.toml': '# Planted comment of a setting.\nmodel = "x"\n',
};

describe('the list of texts', () => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  const list = (...args: string[]) => {
    const script = ['scripts/texts.mjs', ...args, folder];
    const { stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [file = '', number, text] = line.split('\t');
        return `${file.replace(/^.*\/(src\/)?/, '')}:${number ?? ''} ${text ?? ''}`;
      });
  };

  it('has the texts of code, pages and settings, and nothing that only programs read', () => {
    expect(list()).toEqual([
      'example.toml:1 Planted comment of a setting.',
      'page.md:1 # Planted heading',
      'page.md:3 Planted sentence one.',
      'page.md:3 Planted sentence two.',
      'errors.ts:3 planted hint of a property',
      'errors.ts:5 planted message about ${x} in a template',
      'errors.ts:7 Planted',
      'errors.ts:9 planted first half, and second half of ${x}',
      'errors.ts:10 planted text in a placeholder',
    ]);
  });

  it('has comments and names instead when asked for them', () => {
    expect(list('--kind', 'comments')).toEqual(['errors.ts:6 Planted comment over a value.']);
    expect(list('--kind', 'names')).toEqual(
      expect.arrayContaining(['errors.ts:2 PlantedError', 'errors.ts:7 plantedName']),
    );
  });

  it('takes the same part for the same seed', () => {
    const sample = (seed: string) => list('--sample', '3', '--seed', seed);
    expect(sample('7')).toEqual(sample('7'));
    expect(sample('7')).toHaveLength(3);
    expect(new Set(['1', '2', '3', '4'].map((seed) => sample(seed).join())).size).toBeGreaterThan(
      1,
    );
  });
});
