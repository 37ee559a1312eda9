import {
  newId,
  newMessage,
  type ContextPart,
  type Message,
  type NewMessage,
  type Session,
  type Store,
} from '@synapse/core';
import type { LeaseHolder, LeaseRequest, NewSession } from '@synapse/core/store-kit';

export type TestedStore = Pick<Store, 'sessions' | 'attachments' | 'maintenance' | 'close'>;

export const noon = new Date('2026-03-01T12:00:00.123Z');

export function at(secondsAfterNoon: number): Date {
  return new Date(noon.getTime() + secondsAfterNoon * 1000);
}

/** Of a message that is part of the conversation, as nearly all are. */
export const inConversation = { variantOf: null, active: true };

export function aSession(session: Partial<NewSession> = {}): NewSession {
  return { id: newId(), createdAt: noon, ...session };
}

export function aMessage(text: string, message: Partial<NewMessage> = {}): NewMessage {
  return newMessage({
    id: newId(),
    role: 'user',
    parts: [{ type: 'text', text }],
    createdAt: noon,
    ...message,
  });
}

export function anAnswer(text: string, message: Partial<NewMessage> = {}): NewMessage {
  return aMessage(text, { role: 'assistant', provider: 'demo', model: 'echo', ...message });
}

export function aContext(
  context: Partial<ContextPart>,
  message: Partial<NewMessage> = {},
): NewMessage {
  const part = {
    ...{ summary: null, summarySeq: 0, leftOutSeq: 0, collapsedSeq: 0, prunedSeq: 0 },
    ...{ type: 'context' as const, pinnedSeqs: [], ...context },
  };
  return aMessage('', { role: 'context', parts: [part], ...message });
}

export function aTitle(text: string, message: Partial<NewMessage> = {}): NewMessage {
  return aMessage('', { role: 'title', parts: [{ type: 'title', text }], ...message });
}

export function aLeaseRequest(request: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    holder: aHolder(),
    // Long enough for a machine that is busy.
    durationMs: 3_600_000,
    ...request,
  };
}

/** A process of another machine, unless it is said to be of this one. */
export function aHolder(holder: Partial<LeaseHolder> = {}): LeaseHolder {
  return {
    ...{ instanceId: newId(), host: 'desk', pid: 4711, bootId: 'boot-1' },
    ...{ pidNamespace: 'pid:[1]', processStart: '12345' },
    ...holder,
  };
}

export function textsOf(messages: readonly Message[]): string[] {
  return messages.map(({ parts }) =>
    parts.map((part) => ('text' in part ? part.text : part.type)).join(''),
  );
}

/** The session after so many changes that leave its other fields as they are. */
export function changed(session: Session | undefined, count = 1): Session {
  if (!session) throw new Error('The session is missing.');
  return { ...session, revision: session.revision + count };
}

/** A new session with these messages, alternately asked and answered. */
export async function aConversation(
  { sessions }: Pick<TestedStore, 'sessions'>,
  texts: readonly string[],
  session: Partial<NewSession> = {},
): Promise<{ id: string; messages: Message[] }> {
  const { id } = await sessions.create(aSession(session));
  const messages = texts.map((text, index) =>
    index % 2 === 0
      ? aMessage(text, { createdAt: at(index) })
      : anAnswer(text, { createdAt: at(index) }),
  );
  return { id, messages: await sessions.append(id, messages, null) };
}
