import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type LoggerOptions } from './create-logger.ts';

describe('createLogger', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-log-'));
    file = join(folder, 'state', 'synapse.log');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Logs to the file and, to learn when a line is out, to a stream. */
  const logOne = async (options: Partial<LoggerOptions>, fields = {}, message = 'hello') => {
    const verbose = new PassThrough();
    const logger = createLogger({
      file,
      level: 'info',
      format: 'text',
      verbose,
      secrets: () => [],
      ...options,
    });
    logger.info(fields, message);
    const [chunk] = (await once(verbose, 'data')) as [Buffer];
    return chunk.toString().trimEnd();
  };

  it('makes the file private to its owner, even if others could read it before', async () => {
    await logOne({});
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
    await chmod(file, 0o644);
    await logOne({});
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('writes text for people and JSON for machines', async () => {
    expect(await logOne({}, { session: 'a' })).toMatch(
      /^\d{4}-\S+Z info {2}\[\d+\] hello session="a"$/,
    );
    expect(JSON.parse(await logOne({ format: 'json' }, { session: 'a' }))).toMatchObject({
      level: 30,
      msg: 'hello',
      session: 'a',
    });
  });

  it('hides keys in all fields and errors', async () => {
    const canary = 'sk-ant-CANARY0123456789abcdef';
    const error = new Error(`refused ${canary}`, {
      cause: { authorization: 'Bearer CANARYabc123' },
    });
    for (const format of ['text', 'json'] as const) {
      await logOne(
        { format, secrets: () => ['CANARY-known'] },
        { error, deep: { list: [canary, 'CANARY-known'] } },
        canary,
      );
    }
    const log = await readFile(file, 'utf8');
    expect(log).toContain('[redacted]');
    expect(log).not.toContain('CANARY');
  });

  it('keeps a JSON line valid when it hides a secret with escape sequences', async () => {
    const known = 'say "friend"\nand enter';
    const fields = { password: 'a "b" c9', pin: { DB_PASS: 12_345_678 }, text: `it is ${known}` };
    const line = await logOne({ format: 'json', secrets: () => [known] }, fields);
    expect(JSON.parse(line)).toMatchObject({
      password: '[redacted]',
      pin: { DB_PASS: '[redacted]' },
      text: 'it is [redacted]',
    });
  });

  it('moves a full file aside and keeps three', async () => {
    await logOne({});
    for (let round = 0; round < 5; round++) {
      await writeFile(file, 'x'.repeat(5_000_000));
      await logOne({});
    }
    const names = (await readdir(join(folder, 'state'))).sort();
    expect(names).toEqual(['synapse.log', 'synapse.log.1', 'synapse.log.2', 'synapse.log.3']);
    expect((await stat(file)).size).toBeLessThan(1000);
  });
});
