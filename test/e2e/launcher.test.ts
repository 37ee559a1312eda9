import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';

const execFileAsync = promisify(execFile);

describe('./synapse, in a path with spaces', () => {
  const home = new SynapseHome();
  const folder = mkdtempSync(join(tmpdir(), 'synapse launcher '));
  const checkout = join(folder, 'a checkout');

  const git = (...args: string[]) => execFileSync('git', ['-C', checkout, ...args]);
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      env: home.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const synapse = (...args: string[]) => run(join(checkout, 'synapse'), ...args);

  // A clone that is installed but not built; installing takes a minute and a registry.
  beforeAll(() => {
    execFileSync('git', ['clone', '-q', process.cwd(), checkout]);
    symlinkSync(join(process.cwd(), 'node_modules'), join(checkout, 'node_modules'));
    mkdirSync(join(checkout, '.setup'));
    const lock = readFileSync(join(checkout, 'package-lock.json'));
    const hash = createHash('sha256').update('package-lock.json').update(lock).digest('hex');
    writeFileSync(join(checkout, '.setup/installed'), hash);
  });
  afterAll(() => {
    home.remove();
    rmSync(folder, { recursive: true });
  });

  it('builds on the first run, says so on stderr, and answers', () => {
    const { status, stdout, stderr } = synapse('--provider', 'demo', 'Hello');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'synapse: building …\n' });
    expect(stdout).toContain('> Hello');
  });

  it('adds nothing on later runs', () => {
    expect(synapse('--provider', 'demo', 'Hello')).toMatchObject({ status: 0, stderr: '' });
  });

  it('starts by a link from elsewhere, too', () => {
    symlinkSync(join(checkout, 'synapse'), join(folder, 'link'));
    expect(run(join(folder, 'link'), '--version').stdout).toMatch(/^synapse \d/);
  });

  it('does the same for npm start', () => {
    const { stdout } = run('npm', '--prefix', checkout, 'start', '--silent', '--', '--version');
    expect(stdout).toMatch(/synapse \d/);
  });

  it('does not build again when git only looked', () => {
    git('update-index', '--force-write-index');
    expect(synapse('--version')).toMatchObject({ status: 0, stderr: '' });
  });

  it('builds again when git changed a source', () => {
    appendFileSync(join(checkout, 'packages/cli/src/main.ts'), '// changed\n');
    git('add', '-A');
    expect(synapse('--version').stderr).toBe('synapse: building …\n');
    expect(synapse('--version').stderr).toBe('');
  });

  it('builds once, whoever waits, where an earlier build was broken off', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(checkout, '.setup/lock'), String(pid));
    rmSync(join(checkout, '.setup/built'));
    const said = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = execFileAsync(join(checkout, 'synapse'), ['--version'], {
          cwd: folder,
          env: home.environment,
        });
        return (await child).stderr;
      }),
    );
    expect(said.join('').split('building').length - 1).toBe(1);
    expect(readdirSync(join(checkout, '.setup')).filter((name) => name.includes('lock'))).toEqual(
      [],
    );
  });

  it('says what is missing where there is no Node', () => {
    rmSync(join(checkout, '.setup/built'));
    const { status, stderr } = spawnSync('/bin/sh', [join(checkout, 'synapse'), 'x'], {
      env: { PATH: '/nonexistent' },
      encoding: 'utf8',
    });
    expect(status).toBe(69);
    expect(stderr).toContain('needs Node 20.19 or newer');
  });
});
