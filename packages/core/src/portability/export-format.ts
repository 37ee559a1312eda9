import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';

/** How an export looks: pure functions from what is said to the text for it, called in their order. */
export interface ExportFormat {
  begin(): string;
  /** `index` counts from 0, for what has to stand between. */
  beginSession(session: Session, index: number): string;
  message(message: Message, index: number): string;
  endSession(): string;
  /** Where the bytes of attachments stand: before the first message that refers to them, behind all, or nowhere. */
  attachmentsAt: 'first use' | 'end' | 'nowhere';
  beginAttachments(): string;
  attachment(attachment: { sha256: string; bytes: Uint8Array }, index: number): string;
  end(counts: { sessions: number; messages: number }): string;
}

/** For formats that only name attachments. */
export const withoutAttachments = {
  attachmentsAt: 'nowhere',
  beginAttachments: () => '',
  attachment: () => '',
} satisfies Partial<ExportFormat>;
