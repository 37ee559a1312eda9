import { createHash } from 'node:crypto';
import type { Message, Session } from '@synapse/core';
import { MAX_MESSAGE_LENGTH, lengthOf } from '@synapse/core/store-kit';
import { EXPORT_TYPE, EXPORT_VERSION } from './export-version.ts';
import { messageShape } from './session-shape.ts';
import { failAt, type Place } from './shape.ts';

/** The records of an export, in their order, in any format. */
export type ExportRecord = { place: Place } & (
  | { type: 'session'; session: Session }
  | { type: 'message'; message: Omit<Message, 'sessionId'> }
  | { type: 'session-end' }
  | { type: 'attachment'; sha256: string; bytes: Uint8Array }
);

export function checkVersion(root: ReadonlyMap<string, unknown>, place: Place): void {
  if (root.get('type') !== EXPORT_TYPE) failAt(place, 'is not an export of Synapse');
  if (root.get('v') !== EXPORT_VERSION) {
    failAt(place, `has another version than ${EXPORT_VERSION}, which this program reads`);
  }
}

export function toExportedMessage(value: unknown, place: Place): Omit<Message, 'sessionId'> {
  const message = messageShape(value, place);
  if (lengthOf(message.parts) > MAX_MESSAGE_LENGTH) failAt(place, 'is larger than 16 MiB');
  return message;
}

export function checkAttachment(
  attachment: { sha256: string; bytes: Uint8Array },
  place: Place,
): { sha256: string; bytes: Uint8Array } {
  const { sha256, bytes } = attachment;
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    failAt(place, 'is damaged: its content does not match its hash');
  }
  return attachment;
}
