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

  it.each([0, 1, 65_536, 200_000, MIB])('reads %i bytes whole', (size) => {
    writeFileSync(file, 'x'.repeat(size));
    expect(readRegularFile(file, MIB).toString()).toBe('x'.repeat(size));
  });

  it('refuses what is larger, and what is missing', () => {
    writeFileSync(file, 'x'.repeat(MIB + 1));
    expect(() => readRegularFile(file, MIB)).toThrow('it is larger than 1 MiB');
    expect(() => readRegularFile(join(folder, 'nothing'), MIB)).toThrow('ENOENT');
  });

  it('takes nothing for an empty file, and never reads what has no end', () => {
    expect(readRegularFile('/dev/null', MIB)).toHaveLength(0);
    expect(() => readRegularFile('/dev/zero', MIB)).toThrow('it is a device');
    expect(() => readRegularFile(folder, MIB)).toThrow(UnreadableFileError);
  });

  it('does not wait for who would write into a named pipe', () => {
    const pipe = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(() => readRegularFile(pipe, MIB)).toThrow('it is not a regular file');
  });
});
