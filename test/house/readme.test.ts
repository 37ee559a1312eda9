import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';

const shell = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  // The tests are running already.
  .filter((line) => line !== 'npm test');

describe('README', () => {
  const home = new SynapseHome();
  afterAll(() => home.remove());

  it('has commands to try', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  // In their order: later ones go on with what earlier ones began.
  it.each(commands)('%s works as printed', async (line) => {
    const { stdout } = await shell('/bin/sh', ['-c', `${line} </dev/null`], {
      env: { ...home.environment, PATH: `${process.env.PATH ?? ''}` },
    });
    expect(stdout).not.toBe('');
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(links).not.toEqual([]);
    for (const path of links) expect(() => readFileSync(join(path), { flag: 'r' })).not.toThrow(/ENOENT/);
  });
});
