import { newId, newMessage, textOf, type NewMessage, type Part, type Session } from '@synapse/core';
import { toTitle, type TurnEvent } from '@synapse/core/conversation';
import { askTurn } from '../conversation/ask-turn.ts';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import { limitCost } from '../conversation/limit-cost.ts';
import { relayContext } from './relay-context.ts';
import type { RelayOptions } from './relay-options.ts';
import { asksForTitle } from './side-call.ts';

/**
 * Answers a request that is no part of a conversation. Its cost is kept in any case: as a note in
 * the session, or alone if there is no session.
 */
export async function* relayAside(
  options: RelayOptions,
  answerId: string,
  session: Session | null,
): AsyncGenerator<TurnEvent> {
  const { app, store, model, request, signal } = options;
  const { setup } = model;
  const passing = await app.openMemoryStore();
  try {
    const createdAt = app.clock.now();
    const created = await passing.sessions.create({ id: newId(createdAt.getTime()), createdAt });
    const held = await holdLeaseOf(app, passing, created.id);
    const limit = await limitCost(app, store, { session: session ?? created, setup });
    try {
      const question = newMessage({
        ...{ id: newId(createdAt.getTime()), role: 'user', createdAt },
        parts: request.messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'text')),
      });
      const context = { ...relayContext(request, setup, null), takeNotices: () => [] };
      const turn = askTurn(
        app,
        passing,
        {
          ...{ session: created, lease: held.lease, model, context, limit },
          ...{ tools: undefined, outputSchema: null },
        },
        { parts: [], opening: [question], answerId, instead: null, signal },
      );
      yield* turn;
    } finally {
      const [answer] = await passing.sessions.messages(created.id, { limit: 1, role: 'assistant' });
      await held.release();
      if (answer) await keep(options, session, answer);
    }
  } finally {
    await passing.close();
  }
}

async function keep(
  options: RelayOptions,
  session: Session | null,
  answer: NewMessage,
): Promise<void> {
  const { store, app, request } = options;
  if (session === null) {
    const createdAt = app.clock.now();
    const { id } = await store.sessions.create({ id: newId(createdAt.getTime()), createdAt });
    await store.sessions.append(id, [noteOf(answer, [])], null);
    // The ledger keeps the entry.
    await store.sessions.purge([id]);
    return;
  }
  const title = asksForTitle(request) ? toTitle(textOf(answer.parts)) || null : null;
  const parts: Part[] =
    title === null
      ? [{ type: 'raw', kind: 'side-call', data: { answer: textOf(answer.parts) } }]
      : [{ type: 'title', text: title }];
  await store.sessions.append(session.id, [noteOf(answer, parts)], null);
  if (title !== null && session.messageCount === 0) {
    await store.sessions.update(session.id, { title, titleBefore: session.title });
  }
}

/** A note of the answer, with its model, tokens and cost. */
function noteOf({ id, createdAt, ...answer }: NewMessage, parts: Part[]): NewMessage {
  const { provider, model, askedProvider, askedModel, usage, cost } = answer;
  const { status, finishReason, latencyMs, timeToFirstTokenMs } = answer;
  return newMessage({
    ...{ id, createdAt, role: 'title', status, parts, provider, model, askedProvider, askedModel },
    ...{ usage, cost, finishReason, latencyMs, timeToFirstTokenMs },
  });
}
