import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { LeaseHolder } from '../ports/session-store.ts';
import { holderState, thisProcess } from './process-identity.ts';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('holderState', () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
    child = undefined;
  });

  it('distinguishes the leases of one process', () => {
    expect(thisProcess().instanceId).not.toBe(thisProcess().instanceId);
  });

  onLinux('knows that this process lives, and one that ended does not', async () => {
    expect(holderState(thisProcess())).toBe('alive');
    child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(holderState({ ...thisProcess(), pid: child.pid ?? 0 })).toBe('dead');
  });

  onLinux('knows that another process has the number by now', () => {
    expect(holderState({ ...thisProcess(), processStart: '1' })).toBe('dead');
  });

  onLinux('takes a process for dead that ended though its parent has not looked yet', async () => {
    // The shell becomes a program that never waits for its child, which ends only then.
    child = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    const pid = Number(String((await once(child.stdout!, 'data'))[0]));
    const nameOf = (id = 0) => readFileSync(`/proc/${id}/comm`, 'utf8').trim();
    while (nameOf(child.pid) !== 'sleep') await new Promise(setImmediate);
    (child.stdio[3] as Writable).end();
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    while (stat()[0] !== 'Z') await new Promise(setImmediate);
    const holder = { ...thisProcess(), pid, processStart: stat()[19]! };
    expect(holderState(holder)).toBe('dead');
  });

  it.each<Partial<LeaseHolder>>([
    { host: 'another' },
    { bootId: 'another' },
    { pidNamespace: 'pid:[1]' },
    // As leases of earlier versions have it.
    { pidNamespace: undefined as unknown as string },
  ])('is unknown for %j, whether or not a process has that number', (place) => {
    for (const pid of [process.pid, 2 ** 22 + 1]) {
      expect(holderState({ ...thisProcess(), processStart: '1', pid, ...place })).toBe('unknown');
    }
  });

  it('is unknown if the start time of the holder is not recorded', () => {
    expect(holderState({ ...thisProcess(), processStart: '' })).toBe('unknown');
  });
});
