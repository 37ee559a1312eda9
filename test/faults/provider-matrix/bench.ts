import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { openProviderDouble, type ProviderDouble } from '../../support/provider-double.ts';
import type { Places } from './matrix-case.ts';

/** Where one turn after another is tried: a provider, and a database that two connections see. */
export interface Bench {
  double: ProviderDouble;
  elsewhere: ProviderDouble;
  places: Places;
  store: Store;
  /** What another process would find. */
  witness: Store;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-matrix-'));
  const path = join(folder, 'synapse.db');
  const store = await openSqliteStore({ path });
  const witness = await openSqliteStore({ path });
  const double = await openProviderDouble();
  const elsewhere = await openProviderDouble();
  // It reads, or it would not see that the other side has gone.
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  const places: Places = {
    double: new URL(double.url).host,
    elsewhere: new URL(elsewhere.url).host,
    silent: await listen(silent),
    // No service has this port, and no test is given one so low.
    closed: '127.0.0.1:2',
  };
  return {
    double,
    elsewhere,
    places,
    store,
    witness,
    async close() {
      await Promise.all([double.close(), elsewhere.close(), close(silent)]);
      await Promise.all([store.close(), witness.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
