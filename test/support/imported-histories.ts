import { createReadStream, statSync } from 'node:fs';
import { textOf, type Message, type Part, type Session, type Store } from '@synapse/core';
import {
  detectHistory,
  importHistory,
  type HistoryFile,
  type HistoryReceipt,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';

export function historyFile(path: string, content: string | Uint8Array): HistoryFile {
  const bytes = Buffer.from(content);
  return {
    ...{ path, byteLength: bytes.byteLength, modifiedAt: new Date('2026-03-01') },
    async *bytes() {
      // Cut anywhere, as streams are.
      for (let start = 0; start < bytes.byteLength; start += 997) {
        yield bytes.subarray(start, start + 997);
      }
    },
  };
}

export interface Imported {
  store: Store;
  receipt: HistoryReceipt;
  /** In the order of the import. */
  sessions: { session: Session; messages: Message[] }[];
}

/** Imports a file into a store, by default an empty one. */
export function importText(path: string, text: string, store?: Store): Promise<Imported> {
  return importFile(historyFile(path, text), store);
}

export async function importFile(
  file: HistoryFile,
  store: Store = createMemoryStore(),
): Promise<Imported> {
  const format = await detectHistory(file);
  if (!format) throw new Error(`No format fits ${file.path}.`);
  const receipt = await importHistory(store, file, format);
  const sessions: Imported['sessions'] = [];
  for (const id of receipt.sessionIds) {
    const session = await store.sessions.get(id);
    const messages = await store.sessions.messages(id, { limit: 500 });
    if (session) sessions.push({ session, messages });
  }
  return { store, receipt, sessions };
}

/** All sessions of a store, with their messages. */
export async function sessionsIn(store: Store): Promise<Imported['sessions']> {
  const { items } = await store.sessions.list({ limit: 500, archived: 'any' });
  return Promise.all(
    items.map(async (session) => ({
      session,
      messages: await store.sessions.messages(session.id, { limit: 500 }),
    })),
  );
}

/** A file as it is on the disk now. */
export function fileOnDisk(path: string): HistoryFile {
  const { size: byteLength, mtime: modifiedAt } = statSync(path);
  return { path, byteLength, modifiedAt, bytes: () => createReadStream(path) };
}

export function counts({
  added,
  extended,
  forked,
  unchanged,
  messageCount,
}: HistoryReceipt): string {
  return `+${added} x${extended} f${forked} =${unchanged} m${messageCount}`;
}

/** A line for each message: its role, the kinds of its parts, how many attachments results have, and its text. */
export function outlineOf(messages: readonly Message[]): string[] {
  const kindOf = (part: Part) =>
    part.type === 'tool-result' && part.attachments
      ? `tool-result+${part.attachments.length}`
      : part.type;
  return messages.map(({ role, parts }) =>
    `${role}: ${parts.map(kindOf).join(' ')} ${textOf(parts)}`.trim(),
  );
}
