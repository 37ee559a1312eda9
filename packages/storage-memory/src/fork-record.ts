import { MessageNotFoundError, newId } from '@synapse/core';
import {
  type NewFork,
  attachmentsOf,
  addToTally,
  noTally,
  emptyFork,
  endForkIn,
} from '@synapse/core/store-kit';
import { copyMessage, copySession } from './copy-values.ts';
import type { SessionRecord } from './memory-state.ts';

export function forkRecord(source: SessionRecord, fork: NewFork): SessionRecord {
  const { throughMessageId } = fork;
  const end = source.messages.findIndex((message) => message.id === throughMessageId);
  if (throughMessageId !== undefined && end < 0) {
    throw new MessageNotFoundError(throughMessageId, source.session.id);
  }
  const copied =
    throughMessageId === undefined ? source.messages : source.messages.slice(0, end + 1);
  const last = source.messages[end];
  const first = last?.active === false && copied.find(({ turn }) => turn === last.turn);
  const placed = first ? endForkIn(copied, first) : copied;
  const messages = placed.map((message) => ({
    ...copyMessage(message),
    id: newId(),
    sessionId: fork.id,
    copyOf: message.copyOf ?? message.id,
    status: message.status === 'running' ? ('interrupted' as const) : message.status,
  }));
  const { counts, preview, lastSeq, ...marks } = addToTally(noTally, messages);

  const session = { ...copySession(emptyFork(source.session, fork)), ...counts, preview };
  const hashes = messages.flatMap(({ parts }) => attachmentsOf(parts).map(({ sha256 }) => sha256));
  return {
    session,
    messages,
    nextSeq: lastSeq + 1,
    marks,
    leaseToken: 0,
    mark: 0,
    lease: null,
    attachments: new Set(hashes),
  };
}
