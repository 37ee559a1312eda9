import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { schemaContract } from '@synapse/test/contracts/schema-contract';
import { storeCareContract } from '@synapse/test/contracts/store-care-contract';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'synapse-sqlite-care-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

storeCareContract('sqlite', () => openSqliteStore({ path: join(folder, `${count++}.db`) }));

schemaContract('sqlite', () => {
  const path = join(folder, `${count++}.db`);
  return () => openSqliteStore({ path });
});
