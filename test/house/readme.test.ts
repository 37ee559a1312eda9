import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';

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
  it.each(commands)('%s works as printed', (line) => {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
      env: home.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).not.toBe('');
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(links).not.toEqual([]);
    for (const path of links)
      expect(() => readFileSync(join(path), { flag: 'r' })).not.toThrow(/ENOENT/);
  });
});
