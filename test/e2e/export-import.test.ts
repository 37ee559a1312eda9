import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import knex from 'knex';
import { SynapseHome, type Outcome } from '@synapse/test/support/run-synapse';
import type { Store } from '@synapse/core';
import { aConversation, aMessage } from '@synapse/test/support/samples';
import { readOutput } from '@synapse/test/support/output-schema';
import { seedHome } from '@synapse/test/support/seeded-home';
import {
  atifProblems,
  openaiProblems,
  opencodeProblems,
  sharegptProblems,
} from '@synapse/test/support/validators/exchange-format-problems';

const secret = `sk-ant-${'a1B2'.repeat(8)}`;

describe('synapse sessions export and import', () => {
  let home: SynapseHome;
  let other: SynapseHome;
  let file: string;

  beforeEach(async () => {
    home = new SynapseHome();
    other = new SynapseHome();
    file = join(home.folder, 'all.json');
    await seedHome(home, async (store) => {
      await aConversation(store, ['Hello', '**Hi** <b>there</b>'], { handle: 'one', tags: ['a'] });
      const { id } = await aConversation(store, [`the key is ${secret}`, 'Thanks.'], {
        title: 'Two',
      });
      const bytes = Buffer.from([0, 1, 2, 255]);
      const attachment = await store.attachments.put({
        bytes,
        mediaType: 'image/png',
        name: 'a.png',
      });
      const [last] = await store.sessions.messages(id, { limit: 1 });
      const image = {
        ...last!,
        id: '01a1fd37-ccad-710a-9471-5aa1d54a9d92',
        parts: [{ type: 'image' as const, attachment }],
      };
      await store.sessions.append(id, [image], null);
    });
  });
  afterEach(() => {
    home.remove();
    other.remove();
  });

  // What is seeded is older than the usual limits.
  const environment = { SYNAPSE_LOG: 'silent' };
  const run = async (where: SynapseHome, args: string[], stdin?: string): Promise<Outcome> => {
    const config = join(where.folder, 'config.toml');
    writeFileSync(config, '[session]\nauto_cleanup = false\n');
    return where.run(['sessions', ...args], {
      environment: { ...environment, SYNAPSE_CONFIG: config },
      ...(stdin !== undefined && { stdin }),
    });
  };

  it('moves everything to another machine, and exports the same again there', async () => {
    const written = await run(home, ['export', '--all', '-o', file, '--json']);
    expect(readOutput('session-export', written.stdout)).toMatchObject({
      ...{ file, format: 'json', sessionCount: 2 },
      byteSize: statSync(file).size,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    readOutput('export-file', text);

    const dry = await run(other, ['import', file, '--dry-run', '--json']);
    expect(readOutput('session-import', dry.stdout)).toMatchObject({ addedCount: 2 });
    const first = await run(other, ['import', file, '--json']);
    expect(readOutput('session-import', first.stdout)).toMatchObject({
      ...{ addedCount: 2, presentCount: 0, refusedCount: 0, messageCount: 5 },
    });
    expect((await run(other, ['export', '--all', '--format', 'json'])).stdout).toBe(text);
    const again = await run(other, ['import', '-', '--json'], text);
    expect(readOutput('session-import', again.stdout)).toMatchObject({
      ...{ addedCount: 0, presentCount: 2 },
    });
    expect((await run(other, ['export', '--all', '--format', 'json'])).stdout).toBe(text);
    expect((await run(other, ['search', 'key'])).stdout).toContain('the key is');
  });

  it('writes all sessions with an object on each line, which an import knows by its content', async () => {
    const lines = join(home.folder, 'all.ndjson');
    const written = await run(home, ['export', '--all', '-o', lines, '--json']);
    expect(readOutput('session-export', written.stdout)).toMatchObject({ format: 'ndjson' });
    const text = readFileSync(lines, 'utf8');
    for (const line of text.trimEnd().split('\n')) readOutput('export-line', line);
    expect((await run(home, ['export', '--all'])).stdout).toBe(text);
    expect((await run(home, ['export', 'one', 'Two', '--format', 'ndjson'])).stdout).toBe(text);

    const piped = await run(other, ['import', '-', '--json'], text);
    expect(readOutput('session-import', piped.stdout)).toMatchObject({ addedCount: 2 });
    expect((await run(other, ['export', '--all'])).stdout).toBe(text);
    await run(other, ['delete', 'one', 'Two', '--purge', '--yes']);
    const misnamed = join(home.folder, 'misnamed.json');
    renameSync(lines, misnamed);
    expect(await run(other, ['import', misnamed])).toMatchObject({ exitCode: 0 });
    expect((await run(other, ['export', '--all'])).stdout).toBe(text);
  });

  it('writes for other programs, in the format of the file name', async () => {
    const checks = {
      '.atif.json': ['atif', atifProblems],
      '.openai.jsonl': ['openai', openaiProblems],
      '.sharegpt.json': ['sharegpt', sharegptProblems],
      '.opencode.json': ['opencode', opencodeProblems],
    } as const;
    for (const [ending, [format, problems]] of Object.entries(checks)) {
      const target = join(home.folder, `two${ending}`);
      const written = await run(home, ['export', 'Two', '-o', target, '--redact', '--json']);
      expect(readOutput('session-export', written.stdout)).toMatchObject({
        ...{ file: target, format, sessionCount: 1 },
        byteSize: statSync(target).size,
      });
      const text = readFileSync(target, 'utf8');
      expect(problems(text)).toEqual([]);
      expect(text).toContain('the key is ');
      expect(text).not.toContain(secret);
    }
    const lines = await run(home, ['export', '--all', '--format', 'openai']);
    expect(openaiProblems(lines.stdout)).toEqual([]);
    expect(lines.stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it.each(['atif', 'opencode'])('refuses more than one session as %s', async (format) => {
    const target = join(home.folder, 'more.json');
    for (const which of [['--all'], ['one', 'Two']]) {
      const refused = await run(home, ['export', ...which, '--format', format, '-o', target]);
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain(`A file in the format ${format} holds one session`);
      expect(existsSync(target)).toBe(false);
    }
  });

  it('brings the new messages of a session that has grown, and forks one that grew here too', async () => {
    await run(home, ['export', '--all', '-o', file]);
    await run(other, ['import', file]);
    const more = (text: string) => (store: Store) =>
      store.sessions
        .find('one')
        .then(([one]) => store.sessions.append(one!.id, [aMessage(text)], null));
    await seedHome(home, more('And then?'));
    await run(home, ['export', 'one', '-o', file, '--force']);
    const grown = await run(other, ['import', file, '--json']);
    expect(readOutput('session-import', grown.stdout)).toMatchObject({
      ...{ addedCount: 0, extendedCount: 1, forkedCount: 0, presentCount: 0, messageCount: 1 },
    });
    expect((await run(other, ['export', 'one'])).stdout).toBe(readFileSync(file, 'utf8'));
    const again = await run(other, ['import', file]);
    expect(again.stdout).toBe(
      'imported 0 messages; sessions: 0 added, 0 extended, 0 forked, 1 unchanged, 0 skipped\n',
    );

    await seedHome(other, more('Said here.'));
    const here = await run(other, ['import', file]);
    expect(here.stdout).toContain('1 unchanged (1 with newer messages here), 0 skipped');
    await seedHome(home, more('Said there.'));
    await run(home, ['export', 'one', '-o', file, '--force']);
    const forked = await run(other, ['import', file]);
    expect(forked.stdout).toContain('imported 1 message; sessions: 0 added, 0 extended, 1 forked');
    expect(forked.stderr).toContain('has new messages here and in the file');
    const id = /are in (\S+)/.exec(forked.stderr)![1]!;
    expect((await run(other, ['show', id])).stdout).toContain('Said there.');
    expect((await run(other, ['show', 'one'])).stdout).toContain('Said here.');
    expect((await run(other, ['import', file])).stdout).toContain('0 forked, 1 unchanged');
  });

  it('brings a hundred sessions into a store that has another, once each', async () => {
    await seedHome(home, async (store) => {
      for (let index = 2; index < 100; index++) await aConversation(store, [`Of ${index}`, 'Yes']);
    });
    await seedHome(other, (store) => aConversation(store, ['Mine'], { handle: 'mine' }));
    const { stdout: text } = await run(home, ['export', '--all']);
    const added: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const { stdout } = await run(other, ['import', '-', '--json'], text);
      added.push(readOutput('session-import', stdout).addedCount);
    }
    expect(added).toEqual([100, 0]);
    expect((await run(other, ['list', '--limit', '500', '--json'])).stdout).toContain('"mine"');
    await run(other, ['delete', 'mine', '--purge', '--yes']);
    expect((await run(other, ['export', '--all'])).stdout === text).toBe(true);
  });

  it('overwrites no file without --force, and leaves no partial file', async () => {
    writeFileSync(file, 'mine');
    const refused = await run(home, ['export', 'one', '--output', file]);
    expect(refused).toMatchObject({ exitCode: 73, stdout: '' });
    expect(refused.stderr).toContain('already exists');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await run(home, ['export', 'one', '-o', file, '--force'])).toMatchObject({
      exitCode: 0,
    });
    expect(readFileSync(file, 'utf8')).toContain('synapse-export');
    expect((await readdir(home.folder)).filter((name) => name.startsWith('.all'))).toEqual([]);
    const nowhere = await run(home, ['export', 'one', '-o', join(home.folder, 'no/such.json')]);
    expect(nowhere).toMatchObject({ exitCode: 73, stdout: '' });
  });

  it('takes the format of the file name, and is readable in each', async () => {
    for (const [name, words] of [
      ['a.md', '# '],
      ['a.txt', 'Hi'],
      ['a.html', '<strong>Hi</strong> &lt;b&gt;there&lt;/b&gt;'],
    ] as const) {
      const path = join(home.folder, name);
      expect(await run(home, ['export', 'one', '-o', path])).toMatchObject({ exitCode: 0 });
      expect(readFileSync(path, 'utf8')).toContain(words);
    }
  });

  it('leaves out secrets and attachments with --redact, and can still be imported', async () => {
    for (const format of ['json', 'markdown', 'html', 'text']) {
      const { stdout } = await run(home, ['export', '--all', '--redact', '--format', format]);
      expect(stdout).toContain('the key is [redacted]'.slice(0, 11));
      expect(stdout).not.toContain(secret);
    }
    const { stdout } = await run(home, ['export', '--all', '--redact']);
    expect(await run(other, ['import', '-'], stdout)).toMatchObject({ exitCode: 0 });
  });

  it('rejects a damaged file, names the location, and changes nothing', async () => {
    await run(home, ['export', '--all', '-o', file]);
    const text = readFileSync(file, 'utf8');
    const damaged = [
      [text.replace('"role":"user"', '"role":"root"'), 'Line 3: sessions[0].messages[0].role'],
      [text.slice(0, text.length / 2), 'is cut off'],
      [`{"a":${'['.repeat(100_000)}`, 'nested'],
      ['not json', 'is not valid JSON'],
    ] as const;
    for (const [content, words] of damaged) {
      const refused = await run(other, ['import', '-'], content);
      expect(refused).toMatchObject({ exitCode: 65, stdout: '' });
      expect(refused.stderr).toContain(words);
    }
    expect(readOutput('session-list', (await run(other, ['list', '--json'])).stdout)).toMatchObject(
      { items: [] },
    );
  });

  it('rejects a file that is too large without reading it, and a missing file', async () => {
    closeSync(openSync(file, 'w'));
    truncateSync(file, 1 << 30);
    const large = await run(other, ['import', file]);
    expect(large).toMatchObject({ exitCode: 65 });
    expect(large.stderr).toContain('256 MiB');
    expect(large.stderr).toContain('--format ndjson');
    writeFileSync(file, '{"v":1,"type":"synapse-export","format":"ndjson"}\n');
    truncateSync(file, 300 << 20);
    const lines = await run(other, ['import', file]);
    expect(lines).toMatchObject({ exitCode: 65 });
    expect(lines.stderr).toContain('Line 2');
    expect(lines.stderr).not.toContain('256 MiB');
    expect(await run(other, ['import', join(home.folder, 'nothing.json')])).toMatchObject({
      exitCode: 66,
    });
    expect(await run(other, ['import', home.folder])).toMatchObject({ exitCode: 66 });
  });

  describe('of a damaged database', () => {
    const damage = async (...statements: string[]) => {
      const database = knex({
        ...{ client: 'sqlite3', useNullAsDefault: true, pool: { min: 1, max: 1 } },
        connection: { filename: join(home.folder, '.config/synapse/sessions.db') },
      });
      for (const statement of statements) await database.raw(statement);
      await database.destroy();
    };
    const messageOf = (handle: string, seq: number) =>
      `(select id from messages where seq = ${seq} and session_id =
        (select id from sessions where handle = '${handle}'))`;

    it('ends with 74 and names the message, instead of giving out what was not stored', async () => {
      await damage(
        `update messages set output_tokens = 12 where id = ${messageOf('one', 2)}`,
        "update sessions set title = 'Tvo' where title = 'Two'",
      );
      for (const args of [
        ['export', 'one'],
        ['export', '--all', '-o', file],
        ['show', 'one'],
        ['show', 'one', '--all', '--json'],
        ['list'],
      ]) {
        const { exitCode, stdout, stderr } = await run(home, args);
        expect({ args, exitCode }).toEqual({ args, exitCode: 74 });
        expect(stdout + stderr).toContain('does not match its checksum');
      }
      const { stderr } = await run(home, ['export', 'one']);
      expect(stderr).toContain('Message 2 of session');
      for (const hint of ['synapse db check', 'synapse db restore', '--skip-damaged']) {
        expect(stderr).toContain(hint);
      }
      expect(existsSync(file)).toBe(false);
    });

    it('--skip-damaged saves what is whole, says what it left out, and ends with 74', async () => {
      await damage(
        `update messages set parts = replace(parts, 'Hello', 'Hallo') where id = ${messageOf('one', 1)}`,
        "update sessions set title = 'Tvo' where title = 'Two'",
      );
      const { exitCode, stderr } = await run(home, [
        'export',
        '--all',
        '--skip-damaged',
        '-o',
        file,
      ]);
      expect(exitCode).toBe(74);
      expect(stderr).toContain('left out: Message 1 of session');
      expect(stderr).toMatch(/left out: Session \S+ does not match/);
      const saved = readOutput('export-file', readFileSync(file, 'utf8')) as {
        sessions: { messages: { seq: number }[] }[];
      };
      expect(saved.sessions.map(({ messages }) => messages.map(({ seq }) => seq))).toEqual([[2]]);
    });
  });
});
