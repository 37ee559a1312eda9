import type { Message, Store, Session } from '@synapse/core';
import { DamagedDataError, attachmentsOf } from '@synapse/core/store-kit';
import type { ExportFormat } from './export-format.ts';
import { isCounted, messagePages, refuseMissing, type OnDamaged } from './message-pages.ts';
import { redactMessage, redactSession, type Redact } from './redact-session.ts';

export interface ExportOptions {
  format: ExportFormat;
  /** Applied to all texts of messages, for an export that will be shared. */
  redact?: Redact | undefined;
  /** Called with each damaged message that was left out; without it, damage is thrown. */
  onDamaged?: OnDamaged | undefined;
}

/** The text of an export in pieces: it holds only a page of messages or one attachment in memory. */
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
        yield format.message(message, messageIndex++, await inlineBytes(message));
      }
    }
    counts.messages += messageIndex;
    await unlessDamaged(() => refuseMissing(sessions, session, readCount));
    yield format.endSession();
  }
  yield format.beginAttachments();
  if (format.attachmentsAt === 'end') yield* textsOf([...hashes].sort());
  yield format.end(counts);

  async function inlineBytes({ parts }: Message): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const attachment of attachmentsOf(parts)) {
      if (!format.inlines?.(attachment)) continue;
      const bytes = await unlessDamaged(() => attachments.get(attachment.sha256));
      if (bytes) found.set(attachment.sha256, bytes);
    }
    return found;
  }

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
