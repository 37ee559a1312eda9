import { execFile } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bundleProgram, directoryOf } from '@synapse/test/support/bundle-program';
import { makeNullDevice } from '@synapse/test/support/null-device';
import { createFileHistory } from './file-history.ts';

const runFile = promisify(execFile);

describe('file-history', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'synapse-history-'));
    file = join(directory, 'state', 'history.jsonl');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('keeps entries across sessions, including multi-line texts', () => {
    const first = createFileHistory({ file });
    first.add('one');
    first.add('two\nlines "quoted"\u2028');
    expect(createFileHistory({ file }).entries()).toEqual(['one', 'two\nlines "quoted"\u2028']);
  });

  it('is private to its owner', () => {
    createFileHistory({ file }).add('one');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o700);
  });

  it('leaves a device unchanged that the history file links to', () => {
    const device = makeNullDevice(directory);
    const before = statSync(device).mode;
    const link = join(directory, 'link.jsonl');
    symlinkSync(device, link);
    createFileHistory({ file: link }).add('one');
    expect(createFileHistory({ file: link }).entries()).toEqual([]);
    expect(statSync(device).mode).toBe(before);
  });

  it('makes a file private that others could read', () => {
    const open = join(directory, 'open.jsonl');
    writeFileSync(open, '{"text":"one"}\n', { mode: 0o644 });
    expect(createFileHistory({ file: open }).entries()).toEqual(['one']);
    expect(statSync(open).mode & 0o777).toBe(0o600);
  });

  it('keeps each text once, at its latest position', () => {
    const history = createFileHistory({ file });
    for (const text of ['a', 'b', 'a', 'a', '  ', '']) history.add(text);
    expect(history.entries()).toEqual(['b', 'a']);
    expect(createFileHistory({ file }).entries()).toEqual(['b', 'a']);
  });

  it('skips damaged lines, and appends after a partial line', () => {
    createFileHistory({ file }).add('one');
    appendFileSync(file, 'no json\n[1]\nnull\n{"text":5}\n{"text":"tw');
    createFileHistory({ file }).add('three');
    expect(createFileHistory({ file }).entries()).toEqual(['one', 'three']);
  });

  it('stays within its bounds, in memory and on disk', () => {
    const history = createFileHistory({ file, maxEntries: 10, maxFileBytes: 1000 });
    for (let number = 0; number < 500; number += 1) history.add(`prompt ${number}`);
    const newest = Array.from({ length: 10 }, (_entry, index) => `prompt ${490 + index}`);
    expect(history.entries()).toEqual(newest);
    expect(createFileHistory({ file, maxEntries: 10 }).entries()).toEqual(newest);
    const files = readdirSync(join(directory, 'state'));
    expect(files.sort()).toEqual(['history.jsonl', 'history.jsonl.1']);
    for (const name of files) {
      expect(statSync(join(directory, 'state', name)).size).toBeLessThan(1100);
    }
  });

  it('keeps working with an oversized file if it cannot be locked', () => {
    const history = createFileHistory({ file, maxFileBytes: 100 });
    history.add('first');
    mkdirSync(`${file}.lock`);
    history.add('x'.repeat(200));
    history.add('last');
    expect(createFileHistory({ file }).entries()).toEqual(['first', 'x'.repeat(200), 'last']);
  });

  it('keeps a huge text in memory, but does not write it', () => {
    const history = createFileHistory({ file });
    history.add('x'.repeat(200_000));
    expect(history.entries().length).toBe(1);
    expect(createFileHistory({ file }).entries()).toEqual([]);
  });

  it('reports that the file cannot be used, and keeps the history in memory', () => {
    writeFileSync(join(directory, 'state'), 'a file where a folder should be');
    expect(() => createFileHistory({ file })).toThrow(
      expect.objectContaining({ code: 'SYNAPSE_STORAGE_CANNOT_CREATE' }),
    );
    rmSync(join(directory, 'state'));
    const history = createFileHistory({ file });
    writeFileSync(join(directory, 'state'), '');
    expect(() => history.add('one')).toThrow(/history\.jsonl can't be used/);
    expect(history.entries()).toEqual(['one']);
  });

  it('loses nothing while several processes add and the file is renamed', async () => {
    const program = join(directory, 'program.cjs');
    await bundleProgram({
      source: `
        import { createFileHistory } from './file-history.ts';
        const [file, name] = process.argv.slice(2);
        const history = createFileHistory({ file, maxFileBytes: 6000 });
        for (let number = 0; number < 100; number += 1) history.add(name + ' ' + number);`,
      directory: directoryOf(import.meta.url),
      outfile: program,
    });
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => runFile(process.execPath, [program, file, name])));
    const entries = createFileHistory({ file }).entries();
    for (const name of names) {
      const own = entries.filter((entry) => entry.startsWith(`${name} `));
      expect(own).toEqual(Array.from({ length: 100 }, (_entry, index) => `${name} ${index}`));
    }
  });
});
