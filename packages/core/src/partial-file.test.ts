import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { partialPathOf, removeDeadPartials } from './partial-file.ts';

const folder = temporaryFolder();

async function pidOfDead(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

it('removes only the partial files of killed processes', async () => {
  const mine = basename(partialPathOf(join(folder, 'a.db')));
  const [start, host, boot, , processStart, random] = mine.split('-');
  const name = (...fields: unknown[]) => [start, ...fields, random].join('-');
  const pid = await pidOfDead();
  const ofDead = name(host, boot, pid, processStart);
  // Only Linux says when a process began.
  const ofSameNumber = processStart === '' ? [] : [name(host, boot, process.pid, '1')];
  const ofEarlierBoot = name(host, '00000000', process.pid, processStart);
  const ofOtherMachine = name('00000000', boot, pid, processStart);
  const others = ['a.db', 'a.db.partial-0123456789ab', 'a.partial-notes', `${ofDead}.txt`];
  const dead = [ofDead, `${ofDead}-journal`, `${ofDead}-wal`, ofEarlierBoot, ...ofSameNumber];
  for (const file of [mine, ofOtherMachine, ...others, ...dead])
    writeFileSync(join(folder, file), '');

  removeDeadPartials(folder);

  expect(readdirSync(folder).sort()).toEqual([mine, ofOtherMachine, ...others].sort());
});

it('gives every file a unique name', () => {
  expect(partialPathOf('a')).not.toBe(partialPathOf('a'));
});
