import { UsageError, type Session, type Store } from '@synapse/core';
import { allSessions, createRedact, exportSessions, type OnDamaged } from '@synapse/portability';
import type { App } from '../wiring.ts';
import { loadFormat, type ExportFormatName } from './export-formats.ts';

export interface ExportOptions {
  /** `'all'` is every session except those in the trash. */
  sessions: readonly Session[] | 'all';
  format: ExportFormatName;
  isRedacted: boolean;
  /**
   * Called for each damaged session or message, which is left out; without it the first one throws.
   */
  onDamaged: OnDamaged | undefined;
}

export interface OpenExport {
  /** In pieces large enough for a write. */
  text: AsyncIterable<string>;
  /** The number of sessions in the text that was read so far. */
  sessionCount: () => number;
}

export async function openExport(
  app: Pick<App, 'secrets'>,
  store: Store,
  { sessions, format, isRedacted, onDamaged }: ExportOptions,
): Promise<OpenExport> {
  const written = await loadFormat(format);
  const wanted = sessions === 'all' ? livingSessions(store.transfer, onDamaged) : sessions;
  const chosen = written.sessions === 'one' ? await theOnly(wanted, format) : wanted;
  let count = 0;
  const counted = (async function* () {
    for await (const session of chosen) {
      count += 1;
      yield session;
    }
  })();
  const text = exportSessions(store, counted, {
    format: written,
    onDamaged,
    redact: isRedacted ? createRedact(app.secrets()) : undefined,
  });
  return { text: inBlocks(text), sessionCount: () => count };
}

/** Refuses before anything is written. */
async function theOnly(
  sessions: AsyncIterable<Session> | Iterable<Session>,
  format: ExportFormatName,
): Promise<Session[]> {
  const found: Session[] = [];
  for await (const session of sessions) {
    found.push(session);
    if (found.length > 1) break;
  }
  if (found.length === 1) return found;
  const problem = found.length === 0 ? 'there is none' : 'there are more';
  throw new UsageError(`A file in the format ${format} holds one session, and ${problem}.`, {
    hint: 'Export each session to a file of its own, or choose ndjson, openai or sharegpt.',
  });
}

async function* livingSessions(
  transfer: Store['transfer'],
  onDamaged: OnDamaged | undefined,
): AsyncGenerator<Session> {
  for await (const session of allSessions(transfer, onDamaged)) {
    if (!session.deletedAt) yield session;
  }
}

const BLOCK_LENGTH = 1 << 16;

async function* inBlocks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK_LENGTH) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
