import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { SynapseError } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { withDatabase } from '../support/fault-place.ts';
import { aConversation } from '../support/samples.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

/** D4: any bytes where the database should be; read or refused, never a crash. */
export const mutatedFiles: Fault = {
  id: 'D4',
  what: 'a database with random damage is opened, listed, read and checked',
  run: (tier, seed) =>
    withDatabase(async ({ path, sessionId }) => {
      const store = await openSqliteStore({ path });
      for (let index = 0; index < 20; index++)
        await aConversation(store, ['one '.repeat(200), 'two']);
      await store.close();
      const whole = readFileSync(path);
      const random = randomFrom(seed);
      const figures = { files: 0, refused: 0, seen_by_check: 0, foreign_errors: 0, removed: 0 };
      for (let file = scaled(tier, 100, 5000, 100_000); file > 0; file--) {
        writeFileSync(path, mutate(whole, random));
        figures.files += 1;
        try {
          figures.seen_by_check += (await use(path, sessionId)) > 0 ? 1 : 0;
        } catch (error) {
          if (error instanceof SynapseError) figures.refused += 1;
          else figures.foreign_errors += 1;
        }
        if (!statSync(path, { throwIfNoEntry: false })) figures.removed += 1;
      }
      return figures;
    }),
  holds: ({ refused, seen_by_check, foreign_errors, removed }) =>
    refused! + seen_by_check! > 0 && foreign_errors === 0 && removed === 0,
};

async function use(path: string, sessionId: string): Promise<number> {
  const store = await openSqliteStore({ path });
  try {
    const findings = await store.maintenance.check();
    await store.sessions.list({ limit: 50 });
    await store.sessions.messages(sessionId, { limit: 50 });
    return findings.length;
  } finally {
    await store.close();
  }
}

function mutate(whole: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(whole);
  const place = () => Math.floor(random() * bytes.length);
  const kind = Math.floor(random() * 4);
  if (kind === 0) return bytes.subarray(0, place());
  if (kind === 1) {
    const start = place();
    return bytes.fill(Math.floor(random() * 256), start, Math.min(start + 4096, bytes.length));
  }
  const count = kind === 2 ? 1 : 50;
  for (let index = 0; index < count; index++) bytes[place()] = Math.floor(random() * 256);
  return bytes;
}
