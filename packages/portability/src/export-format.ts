import type { AttachmentReference, Message, Session } from '@synapse/core';

/** The format of an export: functions from records to text, called in their order, for one export. */
export interface ExportFormat {
  /** How many sessions a file can hold. */
  sessions: 'one' | 'many';
  begin(): string;
  /** `index` counts from 0, for separators. */
  beginSession(session: Session, index: number): string;
  /** `bytes` has those attachments of the message that `inlines` asks for and that the store has. */
  message(message: Message, index: number, bytes: ReadonlyMap<string, Uint8Array>): string;
  endSession(): string;
  /** The place of attachment bytes: before the first message that refers to them, at the end, or nowhere. */
  attachmentsAt: 'first use' | 'end' | 'nowhere';
  /** Whether `message` takes the bytes of this attachment; by default of none. */
  inlines?(attachment: AttachmentReference): boolean;
  /** The conversation only, or also the turns that are not active. */
  turns: 'active' | 'all';
  beginAttachments(): string;
  attachment(attachment: { sha256: string; bytes: Uint8Array }, index: number): string;
  end(counts: { sessions: number; messages: number }): string;
}

/** For formats for readers: only the conversation, with only the names of attachments. */
export const readerDefaults = {
  sessions: 'many',
  attachmentsAt: 'nowhere',
  turns: 'active',
  beginAttachments: () => '',
  attachment: () => '',
} satisfies Partial<ExportFormat>;
