import { spawn, type StdioOptions } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

describe('the start of the program', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let codeFolder: string;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(chatReply({ text: ['fine'] }));
    codeFolder = join(home.folder, 'cache/synapse/code');
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const run = (args: string[], environment: Record<string, string> = {}) =>
    home.run(args, { environment: { XDG_CACHE_HOME: join(home.folder, 'cache'), ...environment } });
  const codeOf = async (command: string) => {
    const names = await readdir(codeFolder);
    return join(codeFolder, names.find((name) => name.endsWith(command)) ?? 'none');
  };
  /** Runs with a script that is there before the program. */
  const runAfter = async (script: string, args: string[]) => {
    const file = join(home.folder, 'before.cjs');
    await writeFile(file, script);
    return home.run(args, { environment: { NODE_OPTIONS: `--require "${file}"` } });
  };
  const loadedBy = async (...args: string[]) => {
    const { stderr, exitCode } = await runAfter(
      `process.on('exit', () => process.stderr.write(process.moduleLoadList.join('\\n')));`,
      args,
    );
    expect(exitCode).toBe(0);
    return stderr.split('\n').map((line) => line.replace('NativeModule ', ''));
  };

  it('keeps the code of each command for the next run, for the owner alone', async () => {
    await run(['sessions']);
    await run(['sessions', 'list']);
    await run(['what', 'is', 'this']);
    const names = await readdir(codeFolder);
    expect(
      names.map((name) =>
        name
          .split(`-${process.arch}-`)
          .at(-1)
          ?.replace(/.*-(?=ask)/, ''),
      ),
    ).toEqual(expect.arrayContaining(['ask', 'sessions-list']));
    for (const name of names) {
      expect((await stat(join(codeFolder, name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(codeFolder)).mode & 0o777).toBe(0o700);
  });

  it('reads what is rarely used only for commands that use it', async () => {
    const readRare = async (...args: string[]) => {
      expect((await run(args)).exitCode).toBe(0);
      return (await readdir(codeFolder)).some((name) => name.endsWith('-rarely-used'));
    };
    expect(await readRare('hello')).toBe(false);
    expect(await readRare('sessions', 'list')).toBe(false);
    expect(await readRare('sessions', 'show', 'last')).toBe(false);
    expect(await readRare('config', 'set', 'output.color', 'never')).toBe(true);
  });

  it('keeps more when a run has needed more, and leaves it otherwise', async () => {
    await run(['sessions', 'list']);
    const before = await readFile(await codeOf('sessions-list'));
    await run(['hello']);
    await run(['sessions', 'list']);
    const after = await readFile(await codeOf('sessions-list'));
    expect(after.length).toBeGreaterThan(before.length);
    const { mtimeMs } = await stat(await codeOf('sessions-list'));
    await run(['sessions', 'list']);
    expect((await stat(await codeOf('sessions-list'))).mtimeMs).toBe(mtimeMs);
  });

  it('does not run damaged code, and mends it', async () => {
    await run(['sessions', 'list']);
    const file = await codeOf('sessions-list');
    const good = await readFile(file);
    for (const damaged of [
      Buffer.alloc(0),
      Buffer.from('not code'),
      good.subarray(0, good.length / 2),
      Buffer.concat([good.subarray(0, good.indexOf('\n') + 1), Buffer.alloc(999, 7)]),
    ]) {
      await writeFile(file, damaged);
      expect((await run(['sessions', 'list'])).exitCode).toBe(0);
      expect((await readFile(file)).length).toBeGreaterThan(damaged.length);
    }
  });

  it('neither reads nor keeps code where others may write', async () => {
    await mkdir(codeFolder, { recursive: true });
    await chmod(codeFolder, 0o777);
    expect((await run(['sessions', 'list'])).exitCode).toBe(0);
    expect(await readdir(codeFolder)).toEqual([]);
  });

  it('does not take the code of the same build in another folder for its own', async () => {
    const elsewhere = join(home.folder, 'elsewhere');
    for (const part of ['bin', 'bundle', 'package.json']) {
      await cp(join('packages/cli', part), join(elsewhere, part), { recursive: true });
    }
    await symlink(join(process.cwd(), 'node_modules'), join(elsewhere, 'node_modules'));
    const before = join(home.folder, 'before.cjs');
    await writeFile(before, `require('node:os').hostname = () => { throw new Error('so'); };`);
    const environment = { ...home.environment, XDG_CACHE_HOME: join(home.folder, 'cache') };
    const runIn = async (folder: string) => {
      const args = ['--require', before, join(folder, 'bin/synapse.cjs'), 'hello'];
      const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
      return outcomeOf(spawn(process.execPath, args, { env: environment, stdio }));
    };
    await runIn(elsewhere);
    await rename(elsewhere, `${elsewhere} now`);
    for (const folder of [`${elsewhere} now`, 'packages/cli']) {
      const { stderr } = await runIn(folder);
      expect(stderr).toContain('at core/src/conversation/process-identity.ts:');
    }
  });

  it('loads no part of Node that it does not need', async () => {
    expect(await loadedBy('--version')).not.toContain('vm');
    const forCompletion = await loadedBy('__complete', 'se');
    expect(forCompletion).not.toEqual(expect.arrayContaining(['fs/promises']));
    expect(forCompletion).not.toEqual(expect.arrayContaining(['crypto']));
    const forList = await loadedBy('sessions', 'list');
    for (const name of ['fs/promises', 'child_process', 'assert', 'internal/legacy/processbinding'])
      expect(forList).not.toContain(name);
    const forAnswer = await loadedBy('hello');
    for (const name of ['internal/deps/undici/undici', 'child_process', 'https', 'assert'])
      expect(forAnswer).not.toContain(name);
    expect(forAnswer).toContain('http');
  });

  it('shows where a bug is in the sources', async () => {
    const { stderr, exitCode } = await runAfter(
      `require('node:os').hostname = () => { throw new TypeError('unheard of'); };`,
      ['hello'],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('This is a bug in Synapse: TypeError: unheard of');
    expect(stderr).toMatch(/at core\/src\/conversation\/process-identity\.ts:\d+:\d+\n/);
  });

  it('logs the names of the classes of errors', async () => {
    double.script({ status: 401 });
    expect((await run(['hello'], { SYNAPSE_LOG_FORMAT: 'json' })).exitCode).not.toBe(0);
    const log = await readFile(join(home.folder, '.local/state/synapse/synapse.log'), 'utf8');
    expect(log).toContain('"type":"ProviderError"');
  });
});
