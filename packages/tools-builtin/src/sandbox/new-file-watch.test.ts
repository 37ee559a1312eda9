import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findGuards } from './find-guards.ts';
import { NewFileWatch } from './new-file-watch.ts';

/** No sandbox is needed here: whoever makes these files, they are what a command could leave. */
describe('NewFileWatch', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'synapse-new-files-'));
    await mkdir(join(root, '.git'));
    await writeFile(join(root, '.git', 'config'), '');
  });
  afterEach(() => rm(root, { recursive: true }));

  const at = (name: string) => join(root, name);
  const begin = async () => new NewFileWatch(await findGuards([root], []));
  const names = async (folder = '') => (await readdir(at(folder))).sort();
  /** Calls back as soon as the watch has seen something. */
  const seen = (newFiles: NewFileWatch) =>
    new Promise<void>((resolve) => {
      const end = newFiles.watch(() => {
        end();
        resolve();
      });
    });

  it('makes nothing in the folder', async () => {
    const newFiles = await begin();
    expect(await names()).toEqual(['.git']);
    expect(await names('.git')).toEqual(['config']);
    expect(await newFiles.finish()).toEqual([]);
    expect(await names()).toEqual(['.git']);
  });

  it.each(['.envrc', '.mcp.json', '.gitmodules', '.git/config.worktree', '.git/commondir'])(
    'puts aside %s while the command still runs, and wants it ended',
    async (name) => {
      const newFiles = await begin();
      const found = seen(newFiles);
      await writeFile(at(name), 'evil');
      await found;
      expect(await newFiles.finish()).toEqual([expect.stringContaining(`"${at(name)}"`)]);
      expect(existsSync(at(name))).toBe(false);
    },
  );

  it.each(['.vscode', '.idea', '.synapse', '.git/hooks'])(
    'puts aside the folder %s with all that is in it',
    async (name) => {
      const newFiles = await begin();
      const found = seen(newFiles);
      await mkdir(at('made'));
      await writeFile(at('made/x'), 'evil');
      await rename(at('made'), at(name));
      await found;
      await newFiles.finish();
      expect(existsSync(at(name))).toBe(false);
    },
  );

  it('lets a command go on that makes what is obeyed later, and puts that aside behind it', async () => {
    const newFiles = await begin();
    let isEnded = false;
    const unwatch = newFiles.watch(() => {
      isEnded = true;
    });
    await writeFile(at('AGENTS.md'), 'obey');
    await mkdir(at('.git/info'));
    unwatch();
    expect(await newFiles.finish()).toHaveLength(2);
    expect(isEnded).toBe(false);
    expect(await names('.git')).toEqual(['config', expect.stringMatching(/^info\.untrusted-/)]);
    const [, aside = ''] = await names();
    expect(aside).toMatch(/^AGENTS\.md\.untrusted-/);
    expect(await readFile(at(aside), 'utf8')).toBe('obey');
  });

  it.each(['AGENTS.md', '.npmrc', '.envrc'])(
    'puts aside %s also as a link that leads nowhere',
    async (name) => {
      const newFiles = await begin();
      await symlink('later.txt', at(name));
      await newFiles.finish();
      expect(await names()).not.toContain(name);
      const next = await begin();
      await writeFile(at('later.txt'), 'evil');
      await next.finish();
      expect(await names()).not.toContain(name);
    },
  );

  it('puts aside what fills a link of the person that leads nowhere', async () => {
    await symlink('docs.md', at('AGENTS.md'));
    const newFiles = await begin();
    await writeFile(at('docs.md'), 'evil');
    await newFiles.finish();
    expect(await names()).toContain('AGENTS.md');
    expect(existsSync(at('AGENTS.md'))).toBe(false);
  });

  it('sees that a link of the person has been exchanged, which no mount prevents', async () => {
    await writeFile(at('README.md'), 'mine');
    await symlink('README.md', at('AGENTS.md'));
    const newFiles = await begin();
    await rm(at('AGENTS.md'));
    await writeFile(at('AGENTS.md'), 'evil');
    await newFiles.finish();
    expect(existsSync(at('AGENTS.md'))).toBe(false);
    expect(await readFile(at('README.md'), 'utf8')).toBe('mine');
  });

  it('leaves alone what was there, also where the person saves it anew', async () => {
    await writeFile(at('AGENTS.md'), 'mine');
    const newFiles = await begin();
    await writeFile(at('saved'), 'mine, too');
    await rename(at('saved'), at('AGENTS.md'));
    await writeFile(at('AGENTS.md.untrusted-1'), 'bait');
    await mkdir(at('.git/worktrees'));
    expect(await newFiles.finish()).toEqual([]);
    expect(await readFile(at('AGENTS.md'), 'utf8')).toBe('mine, too');
  });

  it('sees what takes the place of something that another Synapse has put aside', async () => {
    const first = await begin();
    await writeFile(at('AGENTS.md'), 'of the first command');
    const second = await begin();
    await first.finish();
    await writeFile(at('AGENTS.md'), 'of the second command');
    expect(await second.finish()).toHaveLength(1);
    expect(existsSync(at('AGENTS.md'))).toBe(false);
  });
});
