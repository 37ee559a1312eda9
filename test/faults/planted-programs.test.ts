import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

let room: ToolRoom;
let searchPath: string;
const names = ['less', 'cat', 'sed', 'rg', 'git', 'bash', 'sh', 'bwrap', 'prlimit', 'env'];
const marker = () => join(room.folder, 'executed');

/** A part of a repository that a search path leads into, as `npm run` and tools for folders do it. */
beforeAll(async () => {
  room = await openToolRoom((folder) => {
    searchPath = [
      join(folder, 'ws/bin'),
      join(folder, 'alias/bin'),
      './bin',
      join(folder, 'node_modules/.bin'),
      process.env.PATH,
    ].join(delimiter);
    return { sandbox: 'off', environment: { PATH: searchPath } };
  });
  await mkdir(join(room.folder, '.git'));
  await symlink(room.workspace, join(room.folder, 'alias'));
  for (const place of ['ws/bin', 'node_modules/.bin']) {
    await mkdir(join(room.folder, place), { recursive: true });
    for (const name of names) {
      const program = join(room.folder, place, name);
      await writeFile(program, `#!/bin/sh\necho ${name} >>'${marker()}'\n`);
      await chmod(program, 0o755);
    }
  }
  await writeFile(join(room.workspace, 'a.txt'), 'needle');
});
beforeEach(() => rm(marker(), { force: true }));
afterAll(() => room.close());

describe('programs in the project', () => {
  it('are not taken for those of the system by a search', async () => {
    const { output } = await room.call('grep', { pattern: 'needle' });
    expect(existsSync(marker())).toBe(false);
    expect(output).toBe('a.txt:1: needle');
  });

  it('are not taken for those of the system by a command', async () => {
    const { output } = await room.call('shell', { command: 'git --version; rg --version; env' });
    expect(existsSync(marker())).toBe(false);
    expect(output).toContain('git version');
  });
});

describe('programs in the project, on a terminal,', () => {
  const home = new SynapseHome();
  let screen: PtyScreen | undefined;
  afterEach(() => screen?.kill('SIGKILL'));
  afterAll(() => home.remove());

  const open = (args: string[], environment: Record<string, string> = {}) => {
    const variables = { ...home.environment, PATH: searchPath, ...environment };
    return (screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: args,
      ...{ columns: 80, rows: 24, environment: variables, workingDirectory: room.workspace },
    }));
  };
  const EDITOR = 'sed -i s/half/whole/';

  // `cat` as well as `less` is a name that the project has, and no machine lacks it.
  it.each([undefined, 'cat', 'sed s/^/paged:/ | cat'])(
    'are not taken for the pager %s',
    async (pager) => {
      await home.run(['-p', 'demo', 'hello']);
      const opened = open(
        ['sessions', 'show', 'last'],
        pager === undefined ? {} : { PAGER: pager },
      );
      await opened.exited;
      expect(existsSync(marker())).toBe(false);
      expect(opened.raw()).toContain('I work offline');
      expect(opened.raw().includes('paged:')).toBe(pager?.startsWith('sed') === true);
    },
  );

  it('are not taken for the editor of a prompt', async () => {
    const opened = open(['-p', 'demo', '-r'], { EDITOR });
    await opened.until((lines) => lines.at(-1)?.includes('demo') === true);
    opened.type('half\u0018\u0005');
    await opened.until((lines) => lines.includes('> whole'));
    expect(existsSync(marker())).toBe(false);
  });

  it('are not taken for the editor of the settings', async () => {
    const opened = open(['config', 'edit'], { VISUAL: EDITOR });
    expect(await opened.exited).toBe(0);
    expect(existsSync(marker())).toBe(false);
  });
});
