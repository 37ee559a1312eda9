import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { historyFormats } from '@synapse/portability';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome } from '@synapse/test/support/run-synapse';

interface Imported {
  items: { path: string; tool: string | null; added: number; skipped: { reason: string }[] }[];
}

describe('synapse import', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
    mkdirSync(join(home.folder, 'old/projects'), { recursive: true });
  });
  afterEach(() => home.remove());

  const write = (path: string, ...records: object[]) => {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    writeFileSync(join(home.folder, path), text);
  };
  const prompt = (text: string) => ({ type: 'user', sessionId: 's', message: { content: text } });
  const answer = (text: string) => ({
    ...{ type: 'assistant', sessionId: 's' },
    message: { id: 'msg_1', model: 'claude-opus-5', content: [{ type: 'text', text }] },
  });

  it('imports a folder, lists and searches by origin, and continues the session', async () => {
    write('old/projects/s.jsonl', prompt('Which port?'), answer('Port 8080.'));
    writeFileSync(join(home.folder, 'old/notes.txt'), 'no history');
    symlinkSync('..', join(home.folder, 'old/projects/loop'));
    const first = await home.run(['import', 'old', '--json']);
    expect(first.exitCode).toBe(0);
    expect((readOutput('import', first.stdout) as unknown as Imported).items).toMatchObject([
      { path: 'old/notes.txt', tool: null, added: 0, skipped: [{ reason: 'has no known format' }] },
      { path: 'old/projects/s.jsonl', tool: 'claude-code', added: 1, skipped: [] },
    ]);
    const list = await home.run(['sessions', 'list', '--origin', 'claude-code']);
    expect(list.stdout).toContain('Which port?');
    const found = await home.run(['sessions', 'search', '8080 origin:claude-code']);
    expect(found.stdout).toContain('8080');
    const next = await home.run(['--provider', 'demo', '-s', 'Which port?', 'And the host?']);
    expect(next).toMatchObject({ exitCode: 0 });
    expect(next.stdout).toContain('Which port?');
  });

  it('adds what is new, and keeps what was continued here', async () => {
    write('old/s.jsonl', prompt('Which port?'), answer('Port 8080.'));
    await home.run(['import', 'old/s.jsonl']);
    const again = await home.run(['import', 'old/s.jsonl']);
    expect(again.stdout).toContain('sessions: 0 added, 0 extended, 0 forked, 1 unchanged');
    await home.run(['--provider', 'demo', '-s', 'Which port?', 'Continued here']);
    write('old/s.jsonl', prompt('Which port?'), answer('Port 8080.'), prompt('Continued there'));
    const grown = await home.run(['import', 'old/s.jsonl']);
    expect(grown.stdout).toContain('1 forked');
    const both = await home.run(['sessions', 'search', 'continued']);
    expect(both.stdout).toContain('Continued here');
    expect(both.stdout).toContain('Continued there');
  });

  it('reports damage with its line and exit code 65, and imports the rest', async () => {
    write('old/s.jsonl', prompt('One'));
    writeFileSync(join(home.folder, 'old/s.jsonl'), '{"type":\n', { flag: 'a' });
    writeFileSync(join(home.folder, 'old/s.jsonl'), `${JSON.stringify(answer('Two'))}\n`, {
      flag: 'a',
    });
    const { exitCode, stdout, stderr } = await home.run(['import', 'old']);
    expect(exitCode).toBe(65);
    expect(stdout).toContain('imported 2 messages from 1 file');
    expect(stderr).toContain('old/s.jsonl, line 2: is not valid JSON');
  });

  it('knows the name of each tool', async () => {
    const { stderr, exitCode } = await home.run(['import', 'old', '--from', 'none']);
    expect(exitCode).toBe(2);
    for (const { tool } of historyFormats) expect(stderr).toContain(tool);
  });

  it('stores nothing in a dry run, and names a missing path', async () => {
    write('old/s.jsonl', prompt('One'));
    const dry = await home.run(['import', 'old', '--dry-run']);
    expect(dry.stdout).toContain('would import 1 message');
    const list = await home.run(['sessions', 'list']);
    expect(list.stdout).not.toContain('One');
    const missing = await home.run(['import', 'nowhere']);
    expect(missing).toMatchObject({ exitCode: 66 });
    expect(missing.stderr).toContain('There is no file or folder "nowhere".');
  });
});
