import type { Message, Session } from '@synapse/core';

/** How an export looks: pure functions from what is said to the text for it, called in their order. */
export interface ExportFormat {
  begin(): string;
  /** `index` counts from 0, for what has to stand between. */
  beginSession(session: Session, index: number): string;
  message(message: Message, index: number): string;
  endSession(): string;
  /** Where the bytes of attachments stand: before the first message that refers to them, behind all, or nowhere. */
  attachmentsAt: 'first use' | 'end' | 'nowhere';
  /** The conversation only, or also the turns that are not active. */
  turns: 'active' | 'all';
  beginAttachments(): string;
  attachment(attachment: { sha256: string; bytes: Uint8Array }, index: number): string;
  end(counts: { sessions: number; messages: number }): string;
}

/** For formats that people read: the conversation as it is, with nothing but the names of attachments. */
export const forReaders = {
  attachmentsAt: 'nowhere',
  turns: 'active',
  beginAttachments: () => '',
  attachment: () => '',
} satisfies Partial<ExportFormat>;
