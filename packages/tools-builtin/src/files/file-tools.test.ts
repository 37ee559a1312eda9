import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { itNeeds } from '@synapse/test/support/it-needs';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

let room: ToolRoom;
const at = (name: string): string => join(room.workspace, name);

beforeEach(async () => {
  room = await openToolRoom({ maxOutputBytes: 2000 });
});

afterEach(async () => {
  await room.close();
});

describe('read', () => {
  it('gives the text of a file as it is', async () => {
    await writeFile(at('a.txt'), 'one\r\ntwo\n');
    const result = await room.call('read', { path: 'a.txt' });
    expect(result).toEqual({ output: 'one\r\ntwo\n', isError: false, attachments: [] });
  });

  it('gives a range of lines and says where to go on', async () => {
    await writeFile(at('a.txt'), 'one\ntwo\nthree\nfour\n');
    const result = await room.call('read', { path: 'a.txt', offset: 2, limit: 2 });
    expect(result.output).toBe('two\nthree\n[More lines follow. Continue with offset 4.]');
  });

  it('reads on to the end without a gap or a repetition, whatever the cap', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `line ${index} é 👩‍👩‍👧`);
    await writeFile(at('a.txt'), lines.join('\n'));
    let text = '';
    let offset: number | undefined = 1;
    while (offset !== undefined) {
      const { output } = await room.call('read', { path: 'a.txt', offset });
      const next =
        /\[More lines follow\.(?: Line \d+ is cut\.)? Continue with offset (\d+)\.\]$/.exec(output);
      const body = next ? output.slice(0, next.index) : output;
      text += next?.[0].includes('is cut')
        ? body.slice(0, body.lastIndexOf('\n', body.length - 2) + 1)
        : body;
      offset = next ? Number(next[1]) : undefined;
    }
    expect(text).toBe(lines.join('\n'));
  });

  it.each([
    ['one', 1],
    ['one\n', 1],
    ['one\ntwo', 2],
  ])('says how many lines there are in %j when more are wanted', async (text, count) => {
    await writeFile(at('a.txt'), text);
    const { output } = await room.call('read', { path: 'a.txt', offset: 9 });
    expect(output).toBe(`[The file has only ${count} lines.]`);
  });

  it('cuts a line that is too long, and says so', async () => {
    await writeFile(at('a.txt'), `${'é'.repeat(5000)}\nnext\n`);
    const { output } = await room.call('read', { path: 'a.txt' });
    expect(output).toMatch(/^é+\n\[More lines follow. Line 1 is cut. Continue with offset 2.\]$/);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(2000);
  });

  it.each([
    ['PNG image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['binary file', Buffer.from('a\0b')],
  ])('refuses what is no text: %s', async (kind, bytes) => {
    await writeFile(at('x'), bytes);
    const { output, isError } = await room.call('read', { path: 'x' });
    expect(isError).toBe(true);
    expect(output).toBe(`"x" is not text: ${kind}, ${bytes.length} bytes.`);
  });

  it('says what is wrong with its arguments', async () => {
    const { output, isError } = await room.call('read', { file: 'a', offset: 0 });
    expect(isError).toBe(true);
    expect(output).toBe(
      'The arguments of "read" are wrong: "path" is missing. There is no "file"; it takes ' +
        '"path", ' +
        '"offset", "limit". "offset" must be a whole number of at least 1.',
    );
  });
});

describe('write', () => {
  it('makes missing folders and says what it did', async () => {
    const { output } = await room.call('write', { path: 'a/b/c.txt', content: 'é' });
    expect(output).toBe('Created "a/b/c.txt" (2 bytes).');
    expect(await readFile(at('a/b/c.txt'), 'utf8')).toBe('é');
  });

  it('keeps the permissions of a file it replaces', async () => {
    await writeFile(at('run.sh'), 'old', { mode: 0o750 });
    await room.call('write', { path: 'run.sh', content: 'new' });
    expect((await stat(at('run.sh'))).mode & 0o777).toBe(0o750);
  });

  it('writes to the file that a link within the workspace leads to', async () => {
    await writeFile(at('real.txt'), 'old');
    await symlink('real.txt', at('link.txt'));
    await room.call('write', { path: 'link.txt', content: 'new' });
    expect(await readFile(at('real.txt'), 'utf8')).toBe('new');
  });
});

describe('the preview of a change', () => {
  const preview = async (name: string, input: JsonObject) => {
    const tools = await room.tools.list(new AbortController().signal);
    return tools.find((tool) => tool.name === name)?.previewChange?.(input);
  };

  it('is the diff that the call gives, and changes nothing', async () => {
    await writeFile(at('a.txt'), 'one\ntwo\nthree\n');
    const input = { path: 'a.txt', old: 'two', new: '2' };
    const shown = await preview('edit', input);
    expect(await readFile(at('a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
    expect((await room.call('edit', input)).output).toBe(shown);
  });

  it('compares a file with what replaces it', async () => {
    await writeFile(at('a.txt'), 'one\n');
    expect(await preview('write', { path: 'a.txt', content: 'two\n' })).toBe(
      '--- a.txt\n+++ a.txt\n@@ -1,1 +1,1 @@\n-one\n+two\n',
    );
    expect(await readFile(at('a.txt'), 'utf8')).toBe('one\n');
  });

  it.each([
    ['a new file', 'write', { path: 'new.txt', content: 'x' }],
    ['a file outside', 'write', { path: '../ws-evil/a.txt', content: 'x' }],
    ['a file that is not text', 'edit', { path: 'binary', old: 'a', new: 'b' }],
    ['text that is missing', 'edit', { path: 'a.txt', old: 'z', new: 'b' }],
    ['wrong arguments', 'edit', { path: 'a.txt' }],
    ['a folder', 'write', { path: '.', content: 'x' }],
    ['the text that a file has already', 'write', { path: 'a.txt', content: 'one\n' }],
  ])('is empty for %s', async (_what, name, input) => {
    await writeFile(at('a.txt'), 'one\n');
    await writeFile(at('binary'), Buffer.from([0, 1, 2]));
    expect(await preview(name, input)).toBeNull();
  });
});

describe('edit', () => {
  it('replaces the only occurrence and gives a diff', async () => {
    await writeFile(at('a.txt'), 'one\ntwo\nthree\n');
    const { output } = await room.call('edit', { path: 'a.txt', old: 'two', new: '$& 2' });
    expect(output).toBe('--- a.txt\n+++ a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+$& 2\n three\n');
    expect(await readFile(at('a.txt'), 'utf8')).toBe('one\n$& 2\nthree\n');
  });

  it('leaves the file alone where the text is missing or not the only one', async () => {
    await writeFile(at('a.txt'), 'x x');
    const twice = await room.call('edit', { path: 'a.txt', old: 'x', new: 'y' });
    const missing = await room.call('edit', { path: 'a.txt', old: 'z', new: 'y' });
    expect([twice.isError, missing.isError]).toEqual([true, true]);
    expect(await readFile(at('a.txt'), 'utf8')).toBe('x x');
    await room.call('edit', { path: 'a.txt', old: 'x', new: 'y', all: true });
    expect(await readFile(at('a.txt'), 'utf8')).toBe('y y');
  });

  it('creates no file that is too large to read again', async () => {
    await writeFile(at('a.txt'), 'a'.repeat(100_000));
    const change = { path: 'a.txt', old: 'a', new: 'b'.repeat(100_000), all: true };
    const { output, isError } = await room.call('edit', change);
    expect({ output, isError }).toEqual({
      output: '"a.txt" would be larger than 10485760 bytes.',
      isError: true,
    });
    expect((await stat(at('a.txt'))).size).toBe(100_000);
  });

  it('keeps the line ends of the file', async () => {
    await writeFile(at('a.txt'), 'one\r\ntwo\r\n');
    await room.call('edit', { path: 'a.txt', old: 'one\ntwo', new: 'a\nb' });
    expect(await readFile(at('a.txt'), 'utf8')).toBe('a\r\nb\r\n');
  });

  it('keeps the line ends of a CRLF file, also where only the new text has several lines', async () => {
    await writeFile(at('a.txt'), 'a\r\nb\r\nc\r\n');
    await room.call('edit', { path: 'a.txt', old: 'b', new: 'b1\nb2\r\nb3' });
    expect(await readFile(at('a.txt'), 'utf8')).toBe('a\r\nb1\r\nb2\r\nb3\r\nc\r\n');
    await writeFile(at('mixed.txt'), 'a\r\nb\nc\n');
    await room.call('edit', { path: 'mixed.txt', old: 'b', new: 'b1\nb2' });
    expect(await readFile(at('mixed.txt'), 'utf8')).toBe('a\r\nb1\nb2\nc\n');
  });

  it('takes two places that overlap for two', async () => {
    await writeFile(at('a.txt'), '}\n}\n}\n');
    const { output, isError } = await room.call('edit', { path: 'a.txt', old: '}\n}\n', new: '' });
    expect(isError).toBe(true);
    expect(output).toContain('contains the text in "old" 2 times');
    expect(await readFile(at('a.txt'), 'utf8')).toBe('}\n}\n}\n');
  });

  it('refuses a file that is not UTF-8 rather than damage it', async () => {
    await writeFile(at('a.txt'), Buffer.from('caf\xe9', 'latin1'));
    const { output } = await room.call('edit', { path: 'a.txt', old: 'caf', new: 'tea' });
    expect(output).toBe('"a.txt" is not UTF-8.');
  });
});

describe('list, glob and grep', () => {
  beforeEach(async () => {
    await mkdir(at('src/deep'), { recursive: true });
    await mkdir(at('dist'));
    await mkdir(at('.git'));
    await writeFile(at('.gitignore'), 'dist/\n*.log\n');
    await writeFile(at('src/.gitignore'), '!kept.log\n/deep/no.ts\n');
    await writeFile(at('.synapseignore'), 'private.ts\n');
    await writeFile(at('private.ts'), 'needle');
    await writeFile(at('src/a.ts'), 'first\nNeedle here\n');
    await writeFile(at('src/kept.log'), 'needle\n');
    await writeFile(at('src/lost.txt'), 'nothing');
    await writeFile(at('src/deep/b.ts'), 'needle needle');
    await writeFile(at('src/deep/no.ts'), 'needle');
    await writeFile(at('out.log'), 'needle');
    await writeFile(at('dist/a.js'), 'needle');
    await writeFile(at('.git/config'), 'needle');
    await writeFile(at('.env'), 'needle');
    await writeFile(at('blob'), 'needle\0');
  });

  it('lists what ignore files leave', async () => {
    const { output } = await room.call('list', {});
    expect(output.split('\n')).toEqual(['.env', '.gitignore', '.synapseignore', 'blob', 'src/']);
  });

  it('finds files by name, with nested ignore files', async () => {
    const { output } = await room.call('glob', { pattern: '**/*.{ts,log}' });
    expect(output.split('\n')).toEqual(['src/a.ts', 'src/deep/b.ts', 'src/kept.log']);
    const below = await room.call('glob', { pattern: '*.ts', path: 'src/deep' });
    expect(below.output).toBe('b.ts');
  });

  it.each([
    ['needle', ['src/deep/b.ts:1: needle needle', 'src/kept.log:1: needle']],
    ['n[e]+dle\\b', ['src/deep/b.ts:1: needle needle', 'src/kept.log:1: needle']],
  ])('finds lines by expression, %s, with or without ripgrep', async (pattern, expected) => {
    const bare = await openToolRoom({ workingDirectory: room.workspace, environment: {} });
    for (const { output } of [
      await room.call('grep', { pattern }),
      await bare.call('grep', { pattern }),
    ]) {
      expect(output.split('\n')).toEqual(expected);
    }
    await bare.close();
  });

  it('looks into a folder that .gitignore excludes when it is named, and not otherwise', async () => {
    await mkdir(at('dist/deep'));
    await writeFile(at('dist/deep/b.js'), 'needle');
    await writeFile(at('dist/deep/private.ts'), 'needle');
    expect((await room.call('list', { path: 'dist' })).output).toBe('a.js\ndeep/');
    expect((await room.call('list', { path: 'dist/deep' })).output).toBe('b.js');
    const globbed = await room.call('glob', { pattern: '*', path: 'dist' });
    expect(globbed.output).toBe('a.js\ndeep/b.js');
    const found = await room.call('grep', { pattern: 'needle', path: 'dist/deep' });
    expect(found.output).toBe('b.js:1: needle');
    expect((await room.call('glob', { pattern: '**/b.js' })).output).toBe(
      '[No file matches. Files that .gitignore and .synapseignore exclude were left out. ' +
        'To search a folder that .gitignore excludes, give it as "path".]',
    );
  });

  it('names the ignore file where it leaves nothing, and calls only an empty folder empty', async () => {
    await mkdir(at('closed'));
    await writeFile(at('closed/.synapseignore'), '*\n');
    await writeFile(at('closed/a.txt'), 'needle');
    await mkdir(at('empty'));
    const output = async (tool: string, input: object) =>
      (await room.call(tool, { ...input })).output;
    const everything = '[All its entries are excluded by .synapseignore.]';
    expect(await output('list', { path: 'closed' })).toBe(everything);
    expect(await output('list', { path: 'empty' })).toBe('[The folder is empty.]');
    const leftOut = 'Files that .synapseignore excludes were left out.';
    const grep = { pattern: 'needle', path: 'closed' };
    expect(await output('grep', grep)).toBe(`[No line matches. ${leftOut}]`);
    expect(await output('grep', { ...grep, path: 'empty' })).toBe('[No line matches.]');
    const named = await output('read', { path: 'closed/a.txt' });
    expect(named).toBe('"closed/a.txt" is excluded by .synapseignore.');
  });

  const isCaseKept = !/^(darwin|win32)$/.test(process.platform);
  itNeeds(isCaseKept ? '' : 'names that differ by case')(
    'reads .gitignore by the case of its letters, and .synapseignore by none',
    async () => {
      await writeFile(at('.gitignore'), 'Build/\nTODO\n');
      await writeFile(at('.synapseignore'), 'Private.ts\n');
      await mkdir(at('build'));
      await writeFile(at('build/a.c'), '');
      await writeFile(at('todo'), '');
      const { output } = await room.call('glob', { pattern: '{build/*,todo,private.ts}' });
      expect(output.split('\n')).toEqual(['build/a.c', 'todo']);
    },
  );

  it('matches names in any folder by a glob without a slash', async () => {
    const found = await room.call('grep', { pattern: 'needle', glob: '*.ts' });
    expect(found.output).toBe('src/deep/b.ts:1: needle needle');
    expect((await room.call('glob', { pattern: 'b.ts' })).output).toBe('src/deep/b.ts');
    expect((await room.call('glob', { pattern: './b.ts' })).output).toContain('No file matches');
  });

  it('takes case, glob and limit into account', async () => {
    const { output } = await room.call('grep', {
      pattern: 'needle',
      ignoreCase: true,
      glob: 'src/*.ts',
    });
    expect(output).toBe('src/a.ts:2: Needle here');
    const limited = await room.call('grep', { pattern: 'needle', limit: 1 });
    expect(limited.output).toBe('src/deep/b.ts:1: needle needle\n[More than 1 lines match.]');
  });

  it('does not read what .synapseignore excludes', async () => {
    const { output } = await room.call('read', { path: 'private.ts' });
    expect(output).toBe('"private.ts" is excluded by .synapseignore.');
  });

  it('gives up on an expression that would never end', async () => {
    await writeFile(at('src/long.txt'), `${'a'.repeat(60)}!`);
    const { output, isError } = await room.call('grep', { pattern: '(a+)+$' });
    expect(isError).toBe(true);
    expect(output).toContain('takes too long');
  });

  it.each(['glob', 'grep'])('gives up on a glob that would never end: %s', async (tool) => {
    await writeFile(at(`src/${'a'.repeat(200)}`), 'needle');
    const pattern = `**/${'*a'.repeat(12)}b`;
    const input = tool === 'glob' ? { pattern } : { pattern: 'needle', glob: pattern };
    const { output, isError } = await room.call(tool, input);
    expect(isError).toBe(true);
    expect(output).toContain('takes too long');
  });

  it('gives the first of very many lines that fit', async () => {
    await writeFile(at('lines.txt'), 'x\n'.repeat(200_000));
    const { output } = await room.call('grep', { pattern: 'x', path: 'lines.txt', limit: 2 });
    expect(output).toBe('lines.txt:1: x\nlines.txt:2: x\n[More than 2 lines match.]');
  });

  it('says what is wrong with an expression', async () => {
    const { output } = await room.call('grep', { pattern: '(' });
    expect(output).toContain('"(" is not a regular expression');
  });
});

describe('results', () => {
  it('cuts long output and keeps the whole', async () => {
    for (let index = 0; index < 300; index += 1) await writeFile(at(`file-${index}`), '');
    const { output, attachments } = await room.call('list', {});
    expect(Buffer.byteLength(output)).toBeLessThan(2200);
    expect(output).toMatch(/^file-0\n[^]*\[\d+ bytes are left out here/);
    expect(attachments).toHaveLength(1);
    expect(Buffer.from(room.kept[0]!.bytes).toString().split('\n')).toHaveLength(300);
  });

  it('tells the time', async () => {
    const { output } = await room.call('now', {});
    expect(output).toMatch(/^2026-01-02T03:04:05.000Z \(Friday; the local time zone is .+\)$/);
  });
});
