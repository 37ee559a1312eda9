import type { Message } from '@synapse/core';
import { addToTally, noTally, planChoice } from '@synapse/core/store-kit';
import { copyMessages } from './copy-values.ts';
import type { MemoryState, SessionRecord } from './memory-state.ts';

export function chooseInRecord(state: MemoryState, record: SessionRecord, turn: number): void {
  const { session, marks, messages } = record;
  const choice = {
    first: messages.find((message) => message.turn === turn),
    lastActiveSeq: messages.findLast(({ active }) => active)?.seq ?? 0,
  };
  const plan = planChoice(session.id, marks, turn, choice);
  if (!plan) return;
  setActive(state, record, (message) => {
    if (message.turn === turn) return true;
    return message.active && message.turn !== plan.replaced;
  });
}

export function undoInRecord(state: MemoryState, record: SessionRecord): Message[] {
  const { turn } = record.marks;
  if (turn === 0) return [];
  const isUndone = (message: Message) => message.active && message.turn === turn;
  const ids = new Set(record.messages.filter(isUndone).map(({ id }) => id));
  setActive(state, record, (message) => message.active && !ids.has(message.id));
  return copyMessages(record.messages.filter(({ id }) => ids.has(id)));
}

function setActive(
  state: MemoryState,
  record: SessionRecord,
  isActive: (message: Message) => boolean,
): void {
  record.messages = record.messages.map((message) => ({ ...message, active: isActive(message) }));
  const { counts, preview, turn, variantOf } = addToTally(noTally, record.messages);
  Object.assign(record.session, counts, { preview });
  record.marks = { lastTurn: record.marks.lastTurn, turn, variantOf };
  state.noteChange('messages', record);
}
