import type { Message, Session } from '@synapse/core';

/** The format of an export: pure functions from records to text, called in their order. */
export interface ExportFormat {
  begin(): string;
  /** `index` counts from 0, for separators. */
  beginSession(session: Session, index: number): string;
  message(message: Message, index: number): string;
  endSession(): string;
  /** The place of attachment bytes: before the first message that refers to them, at the end, or nowhere. */
  attachmentsAt: 'first use' | 'end' | 'nowhere';
  /** The conversation only, or also the turns that are not active. */
  turns: 'active' | 'all';
  beginAttachments(): string;
  attachment(attachment: { sha256: string; bytes: Uint8Array }, index: number): string;
  end(counts: { sessions: number; messages: number }): string;
}

/** For formats for readers: only the conversation, with only the names of attachments. */
export const readerDefaults = {
  attachmentsAt: 'nowhere',
  turns: 'active',
  beginAttachments: () => '',
  attachment: () => '',
} satisfies Partial<ExportFormat>;
