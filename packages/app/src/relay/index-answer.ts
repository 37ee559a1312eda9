import type { NewMessage, Session } from '@synapse/core';
import type { ConversationPrefix } from '@synapse/core/server';
import { hashAnswers } from './conversation-hashes.ts';
import { seedOf, sessionSeed } from './find-place.ts';
import type { RelayStore } from './relay-options.ts';
import type { ClientMarks, RelayedMessage } from './relayed-request.ts';

export interface IndexedAnswer {
  session: Session;
  /** The session that the client named; the answer may be in a fork of it. */
  named: Session | null;
  marks: ClientMarks;
  answer: NewMessage;
  /** The stored messages of the request, from `from` on. */
  opening: readonly NewMessage[];
  /** The messages of the request; null if they are not the whole conversation. */
  messages: readonly RelayedMessage[] | null;
  from: number;
}

/** Lets the next request of the client find the answer, by its content or by its id. */
export async function indexAnswer(
  { aliases }: Pick<RelayStore, 'aliases'>,
  { session, named, marks, answer, opening, messages, from }: IndexedAnswer,
): Promise<void> {
  if (marks.namesAnswers) await aliases.set('response', answer.id, session.id);
  if (messages === null) return;
  const whole: RelayedMessage[] = [...messages, { role: 'assistant', parts: answer.parts }];
  const seeds = new Set([seedOf(marks, named), sessionSeed(session.id)]);
  const added: ConversationPrefix[] = [];
  for (const seed of seeds) {
    for (const { hash, length } of hashAnswers(whole, seed)) {
      const stored = length === whole.length ? answer : opening[length - 1 - from];
      if (stored) added.push({ hash, sessionId: session.id, messageId: stored.id });
    }
  }
  if (added.length > 0) await aliases.addPrefixes(added);
}
