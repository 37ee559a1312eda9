import { InvalidDataError, type Message, type Session } from '@synapse/core';
import type { ExportRecord } from './export-record.ts';

/** A session of an export, with its messages as they are read. */
export interface ExportedSession {
  session: Session;
  pages: AsyncIterable<Message[]>;
}

/** The sessions of a file that was checked; each must be read before the next. */
export async function* exportedSessions(
  source: AsyncIterable<ExportRecord>,
): AsyncGenerator<ExportedSession> {
  const records = source[Symbol.asyncIterator]();
  try {
    for (let next = await records.next(); !next.done; next = await records.next()) {
      if (next.value.type !== 'session') continue;
      const { session } = next.value;
      yield { session, pages: messagesOf(records, session.id) };
    }
  } finally {
    await records.return?.();
  }
}

async function* messagesOf(
  records: AsyncIterator<ExportRecord>,
  sessionId: string,
): AsyncGenerator<Message[]> {
  for (;;) {
    const next = await records.next();
    if (next.done) throw new InvalidDataError('The file has changed while it was read.');
    if (next.value.type === 'session-end') return;
    if (next.value.type === 'message') yield [{ ...next.value.message, sessionId }];
  }
}
