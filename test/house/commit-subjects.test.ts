import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';

const script = join(process.cwd(), 'scripts/commit-subjects.mjs');

const all = temporaryFolder();

describe('the check of commit subjects', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(all, 'repository-'));
  });

  const run = (program: string, ...args: string[]) =>
    spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  const git = (...args: string[]) =>
    run('git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args);
  const commit = (subject: string) => git('commit', '-q', '--allow-empty', '-m', subject);
  const check = () => run(process.execPath, script, '--since', 'start');
  const begin = () => {
    git('init', '-q');
    commit('Whatever people wrote before there was a rule, long or short, with no area at all.');
    git('tag', 'start');
  };

  it('accepts an area and what changes, up to 72 characters', () => {
    begin();
    commit('storage-sqlite, core: keep the order of messages');
    commit(`docs: ${'x'.repeat(66)}`);
    expect(check()).toMatchObject({ status: 0, stdout: 'commit subjects: 2 checked\n' });
  });

  it.each([
    ['with 73 characters', `docs: ${'x'.repeat(67)}`, 'has 73 characters'],
    ['without an area', 'keep the order of messages', 'area: what changes'],
    ['that ends with a full stop', 'core: keep the order.', 'area: what changes'],
  ])('rejects a subject %s', (_, subject, problem) => {
    begin();
    commit(subject);
    const { status, stderr } = check();
    expect(status).toBe(1);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(subject);
  });

  it('passes where there is no git history, and reports it', () => {
    expect(check()).toMatchObject({
      status: 0,
      stdout: 'commit subjects: not checked, no git history here\n',
    });
  });
});
