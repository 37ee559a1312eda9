import { join } from 'node:path';
import { SynapseError } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { aSession } from '../support/samples.ts';
import { mayMount, mayMountDevice, withSmallDevice, withSmallDisk } from '../support/small-disk.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { scaled, type Fault, type Figures } from './fault.ts';

const ENLARGED_KIB = 64 << 10;
const FULL = 'SYNAPSE_STORAGE_FULL';

/** D1 */
export const fullDisks: Fault = {
  id: 'D1',
  what: 'a disk, in memory or on a device, fills up while messages are stored; it is said, nothing is lost, and it goes on when there is room',
  lacks: () => (mayMount() ? undefined : 'the right to mount'),
  run: async (tier) => {
    const sizes = scaled(tier, 3, 16, 64);
    const total = {
      sizes,
      devices: 0,
      acked: 0,
      full_at_open: 0,
      misnamed: 0,
      lost_acked: 0,
      damaged: 0,
      went_on: 0,
    };
    for (let index = 1; index <= sizes; index++) {
      await withSmallDisk(256 * index, (folder, enlargeTo) =>
        fill(join(folder, 'synapse.db'), enlargeTo, total),
      );
    }
    if (await mayMountDevice()) {
      total.devices = scaled(tier, 1, 8, 16);
      for (let index = 1; index <= total.devices; index++) {
        await withSmallDevice(512 * index, (folder, enlargeTo) =>
          fill(join(folder, 'synapse.db'), enlargeTo, total),
        );
      }
    }
    return total;
  },
  holds: ({ sizes, devices, acked, misnamed, lost_acked, damaged, went_on }) =>
    acked! > 0 &&
    misnamed === 0 &&
    lost_acked === 0 &&
    damaged === 0 &&
    went_on === sizes! + devices!,
};

async function fill(
  path: string,
  enlargeTo: (kibibytes: number) => void,
  total: Figures,
): Promise<void> {
  const begin = async () => {
    const store = await openSqliteStore({ path });
    try {
      return (await store.sessions.create(aSession())).id;
    } finally {
      await store.close();
    }
  };
  const sessionId = await begin().catch((error: unknown) => {
    total.full_at_open! += 1;
    if (!(error instanceof SynapseError) || error.code !== FULL) total.misnamed! += 1;
    return undefined;
  });
  if (sessionId === undefined) {
    enlargeTo(ENLARGED_KIB);
    await begin();
    total.went_on! += 1;
    return;
  }
  const task = { engine: 'sqlite', options: { path }, sessionId } as const;
  const writer = await startStoreProcess({ ...task, count: 1_000_000, persists: true });
  writer.go();
  if ((await writer.failure) !== FULL) total.misnamed! += 1;
  const before = writer.acknowledged.length;
  enlargeTo(ENLARGED_KIB);
  writer.go();
  await writer.until(before + 20);
  writer.kill();
  await writer.ended;
  if (writer.acknowledged.length >= before + 20) total.went_on! += 1;
  const inspection = await inspectDatabase(path, sessionId);
  total.acked! += writer.acknowledged.length;
  total.lost_acked! += countLost(writer.acknowledged, inspection);
  total.damaged! += inspection.findings.length;
}
