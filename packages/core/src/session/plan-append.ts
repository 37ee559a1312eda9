import type { Message, NewMessage } from './message.ts';
import { addFigures, figuresOf, subtractFigures, type SessionFigures } from './session-figures.ts';

export interface AppendState {
  sessionId: string;
  nextSeq: number;
  figures: SessionFigures;
}

export interface AppendPlan {
  /** What the caller gave, as it will be stored, in the order given. */
  messages: Message[];
  added: Message[];
  replaced: Message[];
  nextSeq: number;
  figures: SessionFigures;
  /** The last message of the session, if this changes it. */
  last: Message | undefined;
}

/**
 * What an append means for a session that already has the messages `known`: a pure function, so
 * that every store numbers, replaces and counts alike.
 */
export function planAppend(
  state: AppendState,
  known: readonly Message[],
  messages: readonly NewMessage[],
): AppendPlan {
  const stored = new Map(known.map((message) => [message.id, message]));
  const added = new Set<string>();
  const replaced = new Set<string>();
  let { nextSeq, figures } = state;

  for (const message of messages) {
    const earlier = stored.get(message.id);
    if (earlier && earlier.status !== 'running') continue;
    if (earlier) figures = subtractFigures(figures, figuresOf(earlier));
    figures = addFigures(figures, figuresOf(message));
    if (!earlier) added.add(message.id);
    else if (!added.has(message.id)) replaced.add(message.id);
    const seq = earlier?.seq ?? nextSeq++;
    const turn = earlier?.turn ?? figures.turnCount;
    stored.set(message.id, { ...message, sessionId: state.sessionId, seq, turn });
  }

  const pick = (ids: Iterable<string>) =>
    [...ids].flatMap((id) => stored.get(id) ?? []).sort((a, b) => a.seq - b.seq);
  const changed = pick([...added, ...replaced]);
  return {
    messages: messages.flatMap((message) => stored.get(message.id) ?? []),
    added: pick(added),
    replaced: pick(replaced),
    nextSeq,
    figures,
    last: changed.findLast((message) => message.seq === nextSeq - 1),
  };
}
