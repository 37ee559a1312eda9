import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';

/** How an export looks: pure functions from what is said to the text for it, called in their order. */
export interface ExportFormat {
  begin(): string;
  /** `index` counts from 0, for what has to stand between. */
  beginSession(session: Session, index: number): string;
  message(message: Message, index: number): string;
  endSession(): string;
  /** Whether the bytes of attachments are part of it. */
  hasAttachments: boolean;
  beginAttachments(): string;
  attachment(attachment: { sha256: string; bytes: Uint8Array }, index: number): string;
  end(): string;
}

/** For formats that only name attachments. */
export const withoutAttachments = {
  hasAttachments: false,
  beginAttachments: () => '',
  attachment: () => '',
} satisfies Partial<ExportFormat>;
