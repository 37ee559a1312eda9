import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { sessionStoreContract } from '@synapse/test/contracts/session-store-contract';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'synapse-sqlite-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

sessionStoreContract('sqlite', () => openSqliteStore({ path: join(folder, `${count++}.db`) }));
sessionStoreContract('sqlite in memory', () => openSqliteStore({ path: ':memory:' }));
