import { dirname } from 'node:path';
import type { Logger } from '@synapse/core';
import type { Knex } from 'knex';
import { isNetworkFileSystem } from './is-network-file-system.ts';

export function wantedJournalMode(path: string): 'wal' | 'delete' {
  return isNetworkFileSystem(dirname(path)) ? 'delete' : 'wal';
}

/** WAL if it is available; else the slower journal, which is as safe. The file remembers it. */
export async function setJournalMode(
  knex: Knex,
  wanted: 'wal' | 'delete',
  logger?: Logger,
): Promise<void> {
  const mode = await changeJournalMode(knex, wanted);
  if (wanted === 'wal' && mode !== 'wal') await changeJournalMode(knex, 'delete');
  if (mode !== 'wal') {
    logger?.warn({ mode }, 'the database is used without WAL: reads wait for writes');
  }
}

async function changeJournalMode(knex: Knex, mode: string): Promise<string | undefined> {
  const rows = await knex.raw<{ journal_mode: string }[]>(`pragma journal_mode = ${mode}`);
  return rows[0]?.journal_mode;
}
