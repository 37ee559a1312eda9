import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withDatabase, type FaultPlace } from '../support/fault-place.ts';
import { runFaultProcess } from '../support/fault-process.ts';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { SimulatedDisk } from '../support/simulated-disk.ts';
import { readWriteLog, type LoggedCall } from '../support/write-log.ts';
import { randomFrom, scaled, type Fault, type Figures } from './fault.ts';

// More pages than SQLite lets the log grow to, so that a checkpoint is among them.
const APPENDS = 180;
const CALLS = 'trace=pwrite64,fsync,fdatasync,ftruncate,unlink,write';

/** A2: the writes of the real store replayed up to a moment, with what was not synced half lost. */
export const powerLoss: Fault = {
  id: 'A2',
  what: 'power loss at any moment; unsynced sectors of 512 bytes survive at random',
  needs: ['strace'],
  run: async (tier, seed) => {
    const points = scaled(tier, 40, 5000, 50_000);
    const full = await replay(points, seed, false);
    const weak = await replay(Math.min(points, 60), seed, true);
    return { ...full, lost_without_full_sync: weak.lost_acked! + weak.corrupt! };
  },
  holds: (figures) =>
    figures.points! > 0 &&
    figures.lost_acked === 0 &&
    figures.corrupt === 0 &&
    figures.lost_without_full_sync! > 0,
};

function replay(points: number, seed: number, isWeak: boolean): Promise<Figures> {
  return withDatabase(async (place) => {
    const disk = readFileSync(place.path);
    const calls = await record(place, isWeak);
    const random = randomFrom(seed);
    const ends = Array.from({ length: points }, () => Math.floor(random() * (calls.length + 1)));
    const simulated = new SimulatedDisk(new Map([[place.path, disk]]));
    const figures = { points, calls: calls.length, lost_acked: 0, corrupt: 0 };
    let applied = 0;
    for (const end of ends.sort((a, b) => a - b)) {
      while (applied < end) simulated.apply(calls[applied++]!);
      const files = simulated.afterPowerLoss(random);
      const { lost, isCorrupt } = await crash(place, files, calls.slice(0, end));
      figures.lost_acked += lost;
      if (isCorrupt) figures.corrupt += 1;
    }
    return figures;
  });
}

async function record({ folder, path, sessionId }: FaultPlace, isWeak: boolean) {
  const log = join(folder, 'strace.log');
  const strace = ['strace', '-f', '-qq', '--seccomp-bpf', '-y', '-xx', '-s', '70000'];
  const task = { job: 'append', path, sessionId, count: APPENDS, isWeak } as const;
  const { unexpected, errors } = await runFaultProcess(task, [...strace, '-e', CALLS, '-o', log]);
  if (unexpected.length + errors.length > 0) throw new Error([...errors, ...unexpected].join('\n'));
  const files = ['', '-wal', '-journal'].map((suffix) => path + suffix);
  return readWriteLog(log).filter((call) => !('path' in call) || files.includes(call.path));
}

async function crash(
  { folder, path, sessionId }: FaultPlace,
  files: ReadonlyMap<string, Buffer>,
  calls: readonly LoggedCall[],
): Promise<{ lost: number; isCorrupt: boolean }> {
  const acknowledged = calls.flatMap((call) => (call.kind === 'acknowledge' ? call.id : []));
  const found = join(folder, 'found');
  mkdirSync(found);
  try {
    for (const [name, contents] of files) {
      writeFileSync(join(found, basename(name)), contents);
    }
    const inspection = await inspectDatabase(join(found, basename(path)), sessionId);
    return {
      lost: countLost(acknowledged, inspection),
      isCorrupt: inspection.findings.length > 0,
    };
  } catch {
    return { lost: 0, isCorrupt: true };
  } finally {
    rmSync(found, { recursive: true });
  }
}
