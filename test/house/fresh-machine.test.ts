import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';

const folder = temporaryFolder();
// `npm test` hands its settings on.
const machine = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')),
);

/** What a command prints on the machine that the README speaks of. */
function onFreshMachine(command: string, environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['scripts/fresh-machine.sh', 'sh', '-c', command],
    { encoding: 'utf8', env: { ...machine, ...environment } },
  );
  return { status, lines: stdout.trimEnd().split('\n'), stderr: stdout + stderr };
}

describe('a fresh machine', () => {
  it('has Node, npm and git, and none of the tools that tests make use of', () => {
    const tools = 'bwrap rg strace tmux faketime openssl psql less ps chromium';
    const { lines } = onFreshMachine(
      `for tool in ${tools} node npm git; do ! command -v $tool >/dev/null || echo $tool; done`,
    );
    expect(lines).toEqual(['node', 'npm', 'git']);
  });

  it('has no bubblewrap either in the place where Synapse looks for it', () => {
    const { lines, stderr } = onFreshMachine('[ -x /usr/bin/bwrap ] && echo there; echo end');
    expect(lines.includes('there')).toBe(stderr.includes('bwrap can only be hidden by root'));
    expect(lines).toContain('end');
  });

  it('has an empty home, in which npm reaches its registry and knows no headers', () => {
    writeFileSync(join(folder, '.npmrc'), 'registry=http://localhost:1/\nnodedir=/opt/node\n');
    const { lines } = onFreshMachine('ls "$HOME"; npm config get registry nodedir', {
      HOME: folder,
      npm_config_userconfig: join(folder, '.npmrc'),
      npm_config_nodedir: '/opt/node',
    });
    expect(lines).toEqual(['registry=http://localhost:1/', 'nodedir=undefined']);
  });

  it('passes on how the command ended', () => {
    expect(onFreshMachine('exit 3').status).toBe(3);
  });
});
