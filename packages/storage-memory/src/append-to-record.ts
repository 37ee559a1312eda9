import type { Message, NewMessage } from '@synapse/core';
import {
  SessionConflictError,
  type VariantPlace,
  attachmentsOf,
  planAppend,
  type AppendVariant,
  previewFrom,
  beginVariant,
  continueVariant,
} from '@synapse/core/store-kit';
import { chooseInRecord } from './choose-in-record.ts';
import { copyEntry, copyMessage, copyMessages } from './copy-values.ts';
import type { MemoryState, SessionRecord } from './memory-state.ts';

export function appendToRecord(
  state: MemoryState,
  record: SessionRecord,
  messages: readonly NewMessage[],
  place: VariantPlace | undefined,
): Message[] {
  const { session } = record;
  refuseForeignIds(state, record, messages);
  const ids = new Set(messages.map(({ id }) => id));
  const variant = place ? variantIn(record, place) : null;
  const plan = planAppend(
    { sessionId: session.id, nextSeq: record.nextSeq, figures: session, ...record.marks },
    {
      messages: record.messages.filter(({ id }) => ids.has(id)),
      entries: [...ids].flatMap((id) => state.ledger.get(id) ?? []),
    },
    messages.map(copyMessage),
    variant,
  );
  const replaced = new Map(plan.replaced.map((message) => [message.id, message]));
  record.messages = record.messages
    .map((message) => replaced.get(message.id) ?? message)
    .concat(plan.added);
  record.nextSeq = plan.nextSeq;
  if (plan.added.length > 0) state.noteStored(record);
  for (const entry of plan.entries) state.ledger.set(entry.id, copyEntry(entry));
  const { lastTurn, turn, variantOf } = plan;
  record.marks = { lastTurn, turn, variantOf };
  for (const message of [...plan.added, ...plan.replaced]) {
    state.hold(
      record,
      attachmentsOf(message.parts).map(({ sha256 }) => sha256),
    );
  }
  Object.assign(session, plan.figures, { preview: newestPreview(record.messages) });
  if (plan.last && plan.last.createdAt > session.updatedAt) {
    session.updatedAt = new Date(plan.last.createdAt);
  }
  if (plan.added.length > 0 || plan.replaced.length > 0) state.noteChange('messages', record);
  if (!place || !('turn' in place) || !place.isChosen) return copyMessages(plan.messages);
  chooseInRecord(state, record, place.turn);
  return copyMessages(record.messages.filter(({ id }) => ids.has(id)));
}

function variantIn(
  { session, marks, messages }: SessionRecord,
  place: VariantPlace,
): AppendVariant {
  if ('of' in place) return beginVariant(session.id, marks, place.of);
  const found = messages.find(({ turn }) => turn === place.turn);
  return continueVariant(session.id, marks, place.turn, found);
}

/** Only active messages count. */
export function newestPreview(messages: readonly Message[]): string | null {
  for (const { active, parts } of messages.toReversed()) {
    const preview = active ? previewFrom(parts) : null;
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
