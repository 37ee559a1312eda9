import { MessageNotFoundError } from '../errors/session-errors.ts';
import type { NewFork } from '../ports/session-store.ts';
import { newId } from '../session/id.ts';
import { attachmentsOf } from '../session/part.ts';
import { addCounts, countsOf, noCounts } from '../session/session-figures.ts';
import { emptySession } from '../session/session.ts';
import { newestPreview } from './append-to-record.ts';
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
  const messages = copied.map((message) => ({
    ...copyMessage(message),
    id: newId(),
    sessionId: fork.id,
    copyOf: message.copyOf ?? message.id,
    status: message.status === 'running' ? ('interrupted' as const) : message.status,
  }));

  const { title, provider, model, systemPrompt, workingDirectory, tags, owner, metadata } =
    copySession(source.session);
  const session = {
    ...emptySession({
      id: fork.id,
      createdAt: new Date(fork.createdAt),
      handle: fork.handle ?? null,
      title: fork.title === undefined ? title : fork.title,
      ...{ provider, model, systemPrompt, workingDirectory, tags, owner, metadata },
      forkedFrom: { sessionId: source.session.id, messageId: throughMessageId ?? null },
    }),
    ...messages.map(countsOf).reduce(addCounts, noCounts),
    preview: newestPreview(messages),
  };
  const hashes = messages.flatMap(({ parts }) => attachmentsOf(parts).map(({ sha256 }) => sha256));
  return {
    session,
    messages,
    nextSeq: (messages.at(-1)?.seq ?? 0) + 1,
    leaseToken: 0,
    mark: 0,
    lease: null,
    attachments: new Set(hashes),
  };
}
