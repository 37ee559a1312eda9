import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openToolRoom, type ToolRoom } from '@synapse/test/support/builtin-tools';

const works =
  spawnSync('/usr/bin/bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;
const kinds = [...(works ? (['auto'] as const) : []), ...(['off'] as const)];
const skipped = works ? '' : ' (without the sandboxed half: bubblewrap is missing)';

/** Marks the processes of a test so that survivors are found. */
const MARK = `synapse-limits-${process.pid}`;

async function survivors(): Promise<string[]> {
  const found: string[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '');
    if (command.includes(MARK) && Number(id) !== process.pid) found.push(command);
  }
  return found;
}

describe.each(kinds)(`shell limits, sandbox %s${skipped}`, (sandbox) => {
  let room: ToolRoom;

  beforeAll(async () => {
    room = await openToolRoom({ sandbox });
  });

  afterAll(async () => {
    await room.close();
  });

  function run(command: string, timeout = 1) {
    return room.call('shell', { command: `: ${MARK}; ${command}`, timeout });
  }

  it.each([
    ['that sleeps', 'sleep 1000'],
    ['that ignores the signal', 'trap "" TERM INT HUP; while :; do sleep 1; done'],
    ['that stops itself', 'kill -STOP $$'],
    ['that floods its output', 'yes'],
    ['that leaves a daemon', '(setsid sleep 1000 &) ; sleep 1000'],
    ['that makes zombies', 'while :; do (true &) ; done'],
  ])('end a command %s in time, with all it started', async (_name, command) => {
    const { output } = await run(command);
    expect(output).toMatch(
      /\[It was stopped after 1 seconds\.\]|\[It was stopped because it wrote too much\.\]/,
    );
    expect(await survivors()).toEqual([]);
  });

  it('do not wait for what was left in the background', async () => {
    const { output } = await run('sleep 1000 & (setsid sleep 1000 &); echo done', 60);
    expect(output).toBe('done\n');
    expect(await survivors()).toEqual([]);
  });

  it('keep memory bounded whatever is written', async () => {
    const before = process.memoryUsage.rss();
    const { output } = await run('head -c 200000000 /dev/zero | tr "\\0" x; echo end', 60);
    expect(output).toMatch(
      /^x+\n\[\d+ bytes are left out here; the whole output is stored as an attachment\]\nx+end\n$/,
    );
    expect(Buffer.byteLength(output)).toBeLessThan(66 * 1024);
    const kept = room.kept.at(-1)?.bytes;
    expect(Buffer.from(kept ?? []).toString()).toMatch(/\n\[\d+ bytes were dropped here\]\n/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
  });

  it('stop a command that takes all memory', async () => {
    const { output } = await run('dd if=/dev/zero of=/dev/null bs=6G count=1', 60);
    expect(output).toMatch(/memory exhausted|Cannot allocate memory/);
  });

  it.each([
    ['a NUL character', 'echo a\0b', 'A command cannot contain a NUL character.'],
    ['more than the system takes', `echo ${'x'.repeat(500_000)}`, 'the command is too long'],
  ])('refuse %s', async (_name, command, message) => {
    const { output, isError } = await room.call('shell', { command });
    expect(isError).toBe(true);
    expect(output).toContain(message);
  });

  it('end a command when the call is aborted', async () => {
    const controller = new AbortController();
    const call = room.tools.call('shell', { command: `: ${MARK}; sleep 1000` }, controller.signal);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(await survivors()).toEqual([]);
  });

  it('give output and exit code', async () => {
    const { output, isError } = await run('echo out; echo err >&2; exit 3');
    expect({ output, isError }).toEqual({ output: 'out\nerr\n[Exit code 3.]', isError: true });
  });
});
