import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readRegularFile, UnreadableFileError } from './read-regular-file.ts';

const MIB = 1024 * 1024;

describe('readRegularFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-read-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');

  it.each([0, 1, 65_536, 200_000, MIB])('reads all of %i bytes', (size) => {
    writeFileSync(file, 'x'.repeat(size));
    expect(readRegularFile(file, MIB).toString()).toBe('x'.repeat(size));
  });

  it('rejects a file that is too large or missing', () => {
    writeFileSync(file, 'x'.repeat(MIB + 1));
    expect(() => readRegularFile(file, MIB)).toThrow('it is larger than 1 MiB');
    expect(() => readRegularFile(join(folder, 'nothing'), MIB)).toThrow('ENOENT');
  });

  it('returns nothing for a device that is empty, and never reads an endless one', () => {
    expect(readRegularFile('/dev/null', MIB)).toHaveLength(0);
    expect(() => readRegularFile('/dev/zero', MIB)).toThrow('it is a device');
    expect(() => readRegularFile(folder, MIB)).toThrow(UnreadableFileError);
  });

  it('does not wait for a writer of a named pipe', () => {
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(() => readRegularFile(pipe, MIB)).toThrow('it is not a regular file');
  });
});
