import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseCommand } from './expand-command.ts';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { findTrust } from './trust-file.ts';
import { trustFolder } from './trust-folder.ts';

describe('a changed command of a trusted folder', () => {
  let folder: string;
  let project: string;
  let app: ProfilesApp;
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'synapse-trust-')));
    project = join(folder, 'project');
    mkdirSync(join(project, '.git'), { recursive: true });
    mkdirSync(join(project, '.claude/commands'), { recursive: true });
    app = {
      here: project,
      environment: { HOME: folder },
      places: { stateFolder: join(folder, 'state'), configFolder: join(folder, 'config/synapse') },
      clock: { now: () => new Date(0) },
    } as unknown as ProfilesApp;
    write('fix', 'first');
    write('test', 'first');
    await trustFolder(app, '.');
    write('fix', 'second');
    write('test', 'second');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) =>
    writeFileSync(join(project, `.claude/commands/${name}.md`), `Run: !\`echo ${text}\``);
  const choose = (name: string, ask: CollectOptions['ask'] = null) =>
    chooseCommand(app, name, { isTrusted: false, ask, notify: () => undefined });

  it('is trusted alone, and as it was when the user was asked', async () => {
    const ask = async () => {
      write('fix', 'third');
      return true;
    };
    expect((await choose('fix', ask)).body).toContain('second');
    await expect(choose('fix')).rejects.toThrow('has changed since');
    write('fix', 'second');
    expect((await choose('fix')).body).toContain('second');
    await expect(choose('test')).rejects.toThrow('has changed since');
  });

  it('stays out without a yes, and the folder trusted', async () => {
    await expect(choose('fix', async () => false)).rejects.toThrow('has changed since');
    expect(findTrust(app, project)?.isTrusted).toBe(true);
  });

  it('is none if the folder was trusted through a link', async () => {
    const link = join(folder, 'link');
    symlinkSync(project, link);
    await trustFolder(app, link);
    expect((await choose('fix')).body).toContain('second');
  });
});
