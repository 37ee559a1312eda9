import type { Store, Session } from '@synapse/core';
import { DamagedDataError, attachmentsOf } from '@synapse/core/store-kit';
import type { ExportFormat } from './export-format.ts';
import { isCounted, messagePages, refuseMissing, type OnDamaged } from './message-pages.ts';
import { redactMessage, redactSession, type Redact } from './redact-session.ts';

export interface ExportOptions {
  format: ExportFormat;
  /** Put to everything that was said, where an export is to leave the house. */
  redact?: Redact | undefined;
  /** Called with each damage that was found and left out; without it, damage is thrown. */
  onDamaged?: OnDamaged | undefined;
}

/** The text of an export, piece by piece: a page of messages or one attachment is all that is held. */
export async function* exportSessions(
  { sessions, attachments }: Pick<Store, 'sessions' | 'attachments'>,
  exported: AsyncIterable<Session> | Iterable<Session>,
  { format, redact, onDamaged }: ExportOptions,
): AsyncGenerator<string> {
  const hashes = new Set<string>();
  const counts = { sessions: 0, messages: 0 };
  yield format.begin();
  for await (const session of exported) {
    yield format.beginSession(redact ? redactSession(session, redact) : session, counts.sessions++);
    let messageIndex = 0;
    let readCount = 0;
    const { turns } = format;
    for await (const page of messagePages(sessions, session.id, { turns, onDamaged })) {
      readCount += page.filter(isCounted).length;
      for (const original of page) {
        const message = redact ? redactMessage(original, redact) : original;
        for (const { sha256 } of attachmentsOf(message.parts)) {
          if (hashes.has(sha256)) continue;
          hashes.add(sha256);
          if (format.attachmentsAt === 'first use') yield* textsOf([sha256]);
        }
        yield format.message(message, messageIndex++);
      }
    }
    counts.messages += messageIndex;
    await unlessDamaged(() => refuseMissing(sessions, session, readCount));
    yield format.endSession();
  }
  yield format.beginAttachments();
  if (format.attachmentsAt === 'end') yield* textsOf([...hashes].sort());
  yield format.end(counts);

  async function* textsOf(wanted: readonly string[]): AsyncGenerator<string> {
    let index = 0;
    for (const sha256 of wanted) {
      const bytes = await unlessDamaged(() => attachments.get(sha256));
      if (bytes) yield format.attachment({ sha256, bytes }, index++);
    }
  }

  async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!onDamaged || !(error instanceof DamagedDataError)) throw error;
      onDamaged(error);
      return undefined;
    }
  }
}
