import { SessionConflictError } from '../errors/session-errors.ts';
import type { Message, NewMessage } from '../session/message.ts';
import { attachmentsOf } from '../session/part.ts';
import { planAppend } from '../session/plan-append.ts';
import { previewFrom } from '../session/title.ts';
import { copyEntry, copyMessage, copyMessages } from './copy-values.ts';
import type { MemoryState, SessionRecord } from './memory-state.ts';

export function appendToRecord(
  state: MemoryState,
  record: SessionRecord,
  messages: readonly NewMessage[],
): Message[] {
  const { session } = record;
  refuseForeignIds(state, record, messages);
  const ids = new Set(messages.map(({ id }) => id));
  const plan = planAppend(
    { sessionId: session.id, nextSeq: record.nextSeq, figures: session },
    {
      messages: record.messages.filter(({ id }) => ids.has(id)),
      entries: [...ids].flatMap((id) => state.ledger.get(id) ?? []),
    },
    messages.map(copyMessage),
  );
  const replaced = new Map(plan.replaced.map((message) => [message.id, message]));
  record.messages = record.messages
    .map((message) => replaced.get(message.id) ?? message)
    .concat(plan.added);
  record.nextSeq = plan.nextSeq;
  if (plan.added.length > 0) state.noteStored(record);
  for (const entry of plan.entries) state.ledger.set(entry.id, copyEntry(entry));
  for (const message of [...plan.added, ...plan.replaced]) {
    for (const { sha256 } of attachmentsOf(message.parts)) record.attachments.add(sha256);
  }
  Object.assign(session, plan.figures, { preview: newestPreview(record.messages) });
  if (plan.last && plan.last.createdAt > session.updatedAt) {
    session.updatedAt = new Date(plan.last.createdAt);
  }
  return copyMessages(plan.messages);
}

export function newestPreview(messages: readonly Message[]): string | null {
  for (const message of messages.toReversed()) {
    const preview = previewFrom(message.parts);
    if (preview !== null) return preview;
  }
  return null;
}

export function refuseForeignIds(
  state: MemoryState,
  record: SessionRecord,
  messages: readonly NewMessage[],
): void {
  const ids = new Set(messages.map(({ id }) => id));
  for (const other of state.records.values()) {
    const taken = other === record ? undefined : other.messages.find(({ id }) => ids.has(id));
    if (taken) {
      throw new SessionConflictError(`Another session has a message with the id ${taken.id}.`);
    }
  }
}
