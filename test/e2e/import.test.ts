import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { historyFormats } from '@synapse/portability';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import fc from 'fast-check';
import { writers } from '../contracts/history-format/index.ts';
import { anyHistory } from '../contracts/history-format/written-history.ts';

interface Imported {
  items: {
    path: string;
    state: string;
    tool: string | null;
    added: number;
    skipped: { reason: string }[];
  }[];
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

  const codexMeta = { type: 'session_meta', payload: { id: 'c1' } };
  const codexItem = (role: string, text: string) => {
    const content = [{ type: role === 'user' ? 'input_text' : 'output_text', text }];
    return { type: 'response_item', payload: { type: 'message', role, content } };
  };

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

  it('adds what is new to a session of Codex, and keeps both ends as forks', async () => {
    const first = [codexMeta, codexItem('user', 'Which host?'), codexItem('assistant', 'Example.')];
    write('old/rollout-c1.jsonl', ...first);
    await home.run(['import', 'old']);
    await home.run(['--provider', 'demo', '-s', 'Which host?', 'Continued here']);
    write('old/rollout-c1.jsonl', ...first, codexItem('user', 'Continued there'));
    expect((await home.run(['import', 'old'])).stdout).toContain('1 forked, 0 unchanged');
    const grown = [...first, codexItem('user', 'Continued there'), codexItem('assistant', 'Yes.')];
    write('old/rollout-c1.jsonl', ...grown);
    expect((await home.run(['import', 'old'])).stdout).toContain('1 extended, 0 forked');
    const { stdout } = await home.run(['sessions', 'list', '--origin', 'codex', '--json']);
    const { items } = JSON.parse(stdout) as { items: { id: string }[] };
    expect(items).toHaveLength(2);
    const shown = await Promise.all(
      items.map(async ({ id }) => (await home.run(['sessions', 'show', id])).stdout),
    );
    const [here, there] = shown.sort((a) => (a.includes('Continued here') ? -1 : 1));
    expect(here).toMatch(/Which host[?][^]*Example[.][^]*Continued here/);
    expect(here).not.toMatch(/Continued there|Yes[.]/);
    expect(there).toMatch(/Which host[?][^]*Example[.][^]*Continued there[^]*Yes[.]/);
    expect(there).not.toContain('Continued here');
    const found = await home.run(['sessions', 'search', 'continued origin:codex']);
    expect(found.stdout).toContain('Continued here');
    expect(found.stdout).toContain('Continued there');
    const other = await home.run(['sessions', 'search', 'continued origin:claude-code']);
    expect(other.stdout).not.toContain('Continued');
  });

  it('shows the tokens of each tool, and those of one', async () => {
    const { message, ...rest } = answer('Port 8080.');
    const spent = { ...message, usage: { input_tokens: 700, output_tokens: 50 } };
    write('old/s.jsonl', prompt('Which port?'), { ...rest, message: spent });
    const info = { last_token_usage: { input_tokens: 30, output_tokens: 4 } };
    const figures = { type: 'event_msg', payload: { type: 'token_count', info } };
    const turn = [codexItem('user', 'Which host?'), codexItem('assistant', 'Example.')];
    write('old/rollout-c1.jsonl', codexMeta, ...turn, figures);
    await home.run(['import', 'old']);
    await home.run(['--provider', 'demo', 'Made here']);
    const shares = async (...args: string[]) => {
      const { stdout } = await home.run(['usage', '--by', 'origin', '--json', ...args]);
      const { items } = readOutput('usage', stdout) as unknown as { items: object[] };
      return items;
    };
    const codex = { key: 'codex', label: 'codex', inputTokens: 30, outputTokens: 4 };
    expect(await shares()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'claude-code', inputTokens: 700 }),
        expect.objectContaining(codex),
        expect.objectContaining({ key: null, label: 'synapse' }),
      ]),
    );
    expect(await shares('--origin', 'codex')).toEqual([expect.objectContaining(codex)]);
    const byModel = await home.run(['usage', '--by', 'model', '--origin', 'claude-code']);
    expect(byModel.stdout).toContain('claude-opus-5');
    expect((await home.run(['usage'])).stdout).not.toContain('750');
  });

  it("imports Synapse's own exports: nothing twice, newer turns, and both ends as a fork", async () => {
    const ask = (text: string) => home.run(['--provider', 'demo', '-s', 'work', text]);
    const export_ = (file: string) =>
      home.run(['sessions', 'export', 'work', '-o', file, '--format', file.split('.')[1] ?? '']);
    const bring = async (...args: string[]) => {
      const { stdout } = await home.run(['import', ...args, '--json']);
      return (readOutput('import', stdout) as unknown as Imported).items;
    };
    await home.run(['--provider', 'demo', '-s', 'work', 'One']);
    await export_('old/first.json');
    await ask('Two');
    await export_('old/second.ndjson');
    await home.run(['sessions', 'delete', 'work', '--purge', '--yes']);
    const first = await bring('old/first.json', '--tag', 'back');
    expect(first).toMatchObject([
      {
        state: 'read',
        tool: 'synapse',
        added: 1,
        messageCount: 2,
        sessionIds: [expect.any(String)],
      },
    ]);
    const list = await home.run(['sessions', 'list', '--tag', 'back']);
    expect(list.stdout).toContain('work');
    expect(await bring('old/first.json', '--again')).toMatchObject([{ added: 0, unchanged: 1 }]);
    expect(await bring('old', '--from', 'codex')).toEqual([]);
    expect(await bring('old/second.ndjson', '--dry-run')).toMatchObject([{ extended: 1 }]);
    expect(await bring('old')).toMatchObject([
      { state: 'unchanged', tool: 'synapse', unchanged: 1 },
      { state: 'read', tool: 'synapse', extended: 1, forked: 0, messageCount: 2 },
    ]);
    await home.run(['sessions', 'delete', 'work', '--purge', '--yes']);
    await bring('old/first.json', '--again');
    await ask('Three');
    expect(await bring('old/second.ndjson', '--again')).toMatchObject([
      { added: 0, extended: 0, forked: 1, messageCount: 2 },
    ]);
    const before = await home.run(['sessions', 'list', '--json']);
    expect(await bring('old', '--again')).toMatchObject([{ unchanged: 1 }, { unchanged: 1 }]);
    expect((await home.run(['sessions', 'list', '--json'])).stdout).toBe(before.stdout);
    const three = await home.run(['sessions', 'show', 'work']);
    expect(three.stdout).toContain('Three');
    expect(three.stdout).not.toContain('Two');
  });

  it('changes nothing by an export of Synapse that is damaged, and names the place', async () => {
    await home.run(['--provider', 'demo', '-s', 'work', 'One']);
    await home.run(['sessions', 'export', 'work', '-o', 'old/all.json', '--format', 'json']);
    await home.run(['sessions', 'delete', 'work', '--purge', '--yes']);
    const text = readFileSync(join(home.folder, 'old/all.json'), 'utf8');
    writeFileSync(join(home.folder, 'old/all.json'), text.replace('"role":"user"', '"role":"x"'));
    const { exitCode, stderr, stdout } = await home.run(['import', 'old']);
    expect(exitCode).toBe(65);
    expect(stderr).toMatch(/old\/all\.json, file: .*role/);
    expect(stdout).toContain('imported 0 messages');
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

  it('imports a file of every format, with what the built program has for it', async () => {
    const histories = fc.sample(anyHistory, { seed: 1, numRuns: 1 });
    const files = writers.map(async (writer, index) => {
      const path = join(home.folder, 'every', `${index}`, writer.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await writer.write(histories));
    });
    await Promise.all(files);
    const { stdout, stderr, exitCode } = await home.run(['import', 'every', '--json']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const { items } = readOutput('import', stdout) as unknown as Imported;
    const found = new Set(items.flatMap(({ tool, added }) => (added > 0 ? tool : [])));
    expect(found).toEqual(new Set(historyFormats.map(({ tool }) => tool)));
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

  const writeHome = (path: string, ...records: object[]) => {
    mkdirSync(join(home.folder, path, '..'), { recursive: true });
    write(path, ...records);
  };

  it('finds the histories of the tools on this machine, and imports those of one or of all', async () => {
    writeHome('.claude/projects/-work/s.jsonl', prompt('One'), answer('Two'));
    writeHome('.codex/sessions/2026/rollout-c1.jsonl', codexMeta, codexItem('user', 'Three'));
    const discover = async () => {
      const { stdout } = await home.run(['import', '--discover', '--json']);
      const { places } = readOutput('import', stdout) as unknown as { places: object[] };
      return places;
    };
    expect(await discover()).toMatchObject([
      { tool: 'claude-code', sessionCount: 1, newSessionCount: 1 },
      { tool: 'codex', sessionCount: 1, newSessionCount: 1 },
    ]);
    const one = await home.run(['import', '--from', 'codex']);
    expect(one.stdout).toContain('imported 1 message from 1 file');
    expect(await discover()).toMatchObject([
      { tool: 'claude-code', sessionCount: 1, newSessionCount: 1 },
      { tool: 'codex', sessionCount: 1, newSessionCount: 0, newByteLength: 0 },
    ]);
    const all = await home.run(['import', '--all']);
    expect(all.stdout).toContain('imported 2 messages from 1 file (not read: 1 unchanged)');
    const table = await home.run(['import', '--discover']);
    expect(table.stdout).toMatch(/claude-code\t1\t.*\t0\t/);
  });

  it('reads an unchanged file only if it is told to', async () => {
    write('old/s.jsonl', prompt('One'), answer('Two'));
    await home.run(['import', 'old']);
    const again = await home.run(['import', 'old', '--json']);
    const { items } = readOutput('import', again.stdout) as unknown as Imported;
    expect(items).toMatchObject([{ state: 'unchanged', tool: 'claude-code', unchanged: 1 }]);
    await home.run(['sessions', 'delete', 'One', '--purge', '--yes']);
    expect((await home.run(['import', 'old'])).stdout).toContain('imported 0 messages');
    const read = await home.run(['import', 'old', '--again']);
    expect(read.stdout).toContain('imported 2 messages from 1 file; sessions: 1 added');
    write('old/s.jsonl', prompt('One'), answer('Two'), prompt('Three'));
    const grown = await home.run(['import', 'old']);
    expect(grown.stdout).toContain('sessions: 0 added, 1 extended');
  });

  it('leaves out what is older, and remembers nothing of it', async () => {
    const early = { ...prompt('One'), timestamp: '2020-01-01T00:00:00Z' };
    write('old/s.jsonl', early);
    const recent = await home.run(['import', 'old', '--since', '2021-01-01']);
    expect(recent.stdout).toContain('imported 0 messages from 1 file');
    expect(recent.stdout).toContain('1 older');
    expect((await home.run(['import', 'old'])).stdout).toContain('imported 1 message');
    const prune = await home.run(['sessions', 'prune', '--dry-run', '--json']);
    expect(prune.exitCode).toBe(0);
    expect(prune.stdout).not.toContain('One');
    const kept = await home.run(['sessions', 'list']);
    expect(kept.stdout).toContain('One');
  });

  it('says what is missing without a path or a tool', async () => {
    const { exitCode, stderr } = await home.run(['import']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"synapse import" needs a path, --from or --all.');
    expect(stderr).toContain('--discover');
  });

  it('ends with 65 if a named file has no known format', async () => {
    writeFileSync(join(home.folder, 'notes.txt'), 'no history');
    const { exitCode, stderr } = await home.run(['import', 'notes.txt']);
    expect(exitCode).toBe(65);
    expect(stderr).toContain('notes.txt has no known format');
  });

  it('names the file that another one belongs to, and does not call its format unknown', async () => {
    mkdirSync(join(home.folder, 'old/s/tool-results'), { recursive: true });
    write('old/s.jsonl', prompt('One'), answer('Two'));
    writeFileSync(join(home.folder, 'old/s/tool-results/b1.txt'), 'all of it');
    const { stdout, stderr, exitCode } = await home.run(['import', 'old']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('from 1 file (not read: 1 beside other files)');
    const { stdout: json } = await home.run(['import', 'old', '--json']);
    const [companion] = (readOutput('import', json) as unknown as Imported).items;
    expect(companion).toMatchObject({
      ...{ path: 'old/s/tool-results/b1.txt', state: 'companion', tool: 'claude-code' },
      skipped: [{ reason: 'belongs to old/s.jsonl', isDamage: false }],
    });
    const alone = await home.run(['import', 'old/s/tool-results/b1.txt']);
    expect(alone.exitCode).toBe(0);
    expect(alone.stderr).toContain('old/s/tool-results/b1.txt belongs to old/s.jsonl');
  });

  it('keeps importing what is added while it watches', async () => {
    write('old/s.jsonl', prompt('One'));
    const child = home.start(['import', 'old', '--watch']);
    let output = '';
    const reached = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (output.includes(text)) resolve();
        };
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
        look();
      });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    await reached('watching for new messages');
    write('old/s.jsonl', prompt('One'), answer('Two'));
    await reached('1 extended');
    child.kill('SIGINT');
    const exitCode = await new Promise((resolve) => {
      child.on('close', resolve);
    });
    expect(exitCode).toBe(0);
  });

  it('imports within a conversation', async () => {
    write('old/s.jsonl', prompt('One'), answer('Two'));
    const stdin = '/import old/s.jsonl\n/import\n';
    const { stderr, exitCode } = await home.run(['-r', '--provider', 'demo'], { stdin });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('imported 2 messages from 1 file');
    expect(stderr).toContain('no histories of other tools were found');
    const list = await home.run(['sessions', 'list', '--origin', 'claude-code']);
    expect(list.stdout).toContain('One');
  });
});
