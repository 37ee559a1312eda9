import {
  newId,
  SessionHeldError,
  SessionNotFoundError,
  type Lease,
  type Session,
} from '@synapse/core';
import { createOrFind, findTarget, getSession, type HeldLease } from '@synapse/core/conversation';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import { saidAfter, type Place } from './find-place.ts';
import type { Continued, RelayOptions, RelayStore } from './relay-options.ts';
import { titleOf } from './to-opening.ts';

/** The session that the client asks for, or the name for a new one. */
export async function findNamed({
  app,
  store,
  marks,
}: RelayOptions): Promise<{ named: Session | null; handle: string | null }> {
  if (marks.session === null) return { named: null, handle: null };
  const query = { reference: marks.session, here: app.here, systemPrompt: null, mustExist: false };
  const target = await findTarget(store.sessions, query);
  if (!('id' in target)) return { named: null, handle: target.handle };
  if (target.deletedAt !== null) throw new SessionNotFoundError(marks.session);
  return { named: target, handle: null };
}

/** The place after an answer, or at the end of a session. */
export async function placeAfter(
  { sessions, aliases }: RelayStore,
  continues: Continued,
): Promise<Place> {
  if ('sessionId' in continues) {
    const session = await getSession(sessions, continues.sessionId);
    return { kind: 'continue', session, from: 0, throughMessageId: null };
  }
  const { answerId } = continues;
  const sessionId = await aliases.find('response', answerId);
  if (sessionId === undefined) throw new SessionNotFoundError(`resp_${answerId}`);
  const session = await getSession(sessions, sessionId);
  const answer = await sessions.message(sessionId, answerId);
  const isLast = answer?.active === true && (await saidAfter(sessions, answer)).length === 0;
  return { kind: isLast ? 'continue' : 'fork', session, from: 0, throughMessageId: answerId };
}

export interface Opened {
  session: Session;
  held: HeldLease;
  from: number;
  instead: number | null;
}

/** Makes this process the one that writes to the session, or to a copy if another one does. */
export async function openPlace(
  options: RelayOptions,
  place: Exclude<Place, { kind: 'side' }>,
  handle: string | null,
): Promise<Opened> {
  const { app, store, request, marks } = options;
  const hold = async (session: Session, from: number, instead: number | null = null) => ({
    ...{ session, from, instead },
    held: await holdLeaseOf(app, store, session.id),
  });
  if (place.kind === 'new') {
    const session = await createSession(options, handle, titleOf(request.messages));
    return hold(session, 0);
  }
  if (place.kind === 'fork') {
    const copy = await fork(options, place.session, place.throughMessageId);
    for (const { kind, value } of marks.aliases) await store.aliases.set(kind, value, copy.id);
    return hold(copy, place.from);
  }
  try {
    const instead = place.kind === 'retry' ? place.instead : null;
    return await hold(place.session, place.from, instead);
  } catch (error) {
    // Clients can't handle a conflict.
    if (!(error instanceof SessionHeldError)) throw error;
    const isWithoutAnswer = place.kind === 'retry' && place.throughMessageId === null;
    const copy = isWithoutAnswer
      ? await createSession(options, null, titleOf(request.messages))
      : await fork(options, place.session, place.throughMessageId);
    return hold(copy, place.from);
  }
}

async function fork(
  { app, store }: RelayOptions,
  { id }: Session,
  throughMessageId: string | null,
): Promise<Session> {
  const createdAt = app.clock.now();
  return store.sessions.fork(id, {
    ...{ id: newId(createdAt.getTime()), createdAt },
    ...(throughMessageId !== null && { throughMessageId }),
  });
}

export async function createSession(
  { app, store, model, request, marks }: RelayOptions,
  handle: string | null,
  title: string | null,
): Promise<Session> {
  const createdAt = app.clock.now();
  const { session } = await createOrFind(store.sessions, {
    ...{ id: newId(createdAt.getTime()), createdAt, handle, title },
    ...{ provider: model.setup.name, model: model.setup.model },
    systemPrompt: title === null ? null : request.systemPrompt,
    tags: ['api'],
    metadata: marks.client === null ? {} : { client: marks.client },
  });
  for (const { kind, value } of marks.aliases) await store.aliases.set(kind, value, session.id);
  return session;
}

/**
 * Records the model that answers; in a session that a side call has created, also what its first
 * question says.
 */
export async function beginSession(
  { store, model, request }: RelayOptions,
  session: Session,
  lease: Lease,
): Promise<Session> {
  const { name: provider, model: name } = model.setup;
  const { systemPrompt, messages } = request;
  const isNew = session.messageCount === 0 && session.systemPrompt === null;
  const begun = { systemPrompt, title: session.title ?? titleOf(messages) };
  const change = { provider, model: name, ...(isNew && begun) };
  const fields = Object.entries(change);
  if (fields.every(([field, value]) => session[field as keyof typeof change] === value)) {
    return session;
  }
  return store.sessions.update(session.id, change, lease);
}
