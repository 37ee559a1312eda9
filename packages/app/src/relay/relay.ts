import { newId, type Session } from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import { askTurn } from '../conversation/ask-turn.ts';
import { limitCost } from '../conversation/limit-cost.ts';
import { openContext } from '../conversation/open-context.ts';
import { findPlace } from './find-place.ts';
import { indexAnswer } from './index-answer.ts';
import {
  beginSession,
  createSession,
  findNamed,
  openPlace,
  placeAfter,
  type Opened,
} from './open-place.ts';
import { relayAside } from './relay-aside.ts';
import { relayContext, storedContext } from './relay-context.ts';
import type { RelayOptions } from './relay-options.ts';
import { toOpening } from './to-opening.ts';

export interface Relayed {
  /** Null if the conversation is not stored. */
  sessionId: string | null;
  /** The id of the message with the answer. */
  answerId: string;
  createdAt: Date;
  /** The instance that holds the session meanwhile; null if the answer is no part of one. */
  instanceId: string | null;
  /** The caller has to read them to their end; aborting the signal ends them early. */
  events: AsyncGenerator<TurnEvent>;
}

/** Asks a model for a client that keeps the conversation itself, and stores what is new of it. */
export async function relay(options: RelayOptions): Promise<Relayed> {
  const { app, store, request, marks, continues, keeps } = options;
  const createdAt = app.clock.now();
  const answerId = newId(createdAt.getTime());
  if (!keeps) {
    const events = relayAside(options, answerId, null);
    return { sessionId: null, answerId, createdAt, instanceId: null, events };
  }
  const { named, handle } = await findNamed(options);
  const place = continues
    ? await placeAfter(store, continues)
    : await findPlace(store, request, marks, named);
  if (place.kind === 'side') {
    const session = place.session ?? (await createSession(options, handle, null));
    const events = relayAside(options, answerId, session);
    return { sessionId: session.id, answerId, createdAt, instanceId: null, events };
  }
  const opened = await openPlace(options, place, handle);
  const { instanceId } = opened.held.lease.holder;
  const events = ask(options, opened, answerId, named);
  return { sessionId: opened.session.id, answerId, createdAt, instanceId, events };
}

async function* ask(
  options: RelayOptions,
  { session: opened, held, from, instead }: Opened,
  answerId: string,
  named: Session | null,
): AsyncGenerator<TurnEvent> {
  const { app, store, model, request, marks, continues, signal } = options;
  const { setup } = model;
  try {
    const { lease } = held;
    const session = await beginSession(options, opened, lease);
    const opening = await toOpening(options, request.messages.slice(from));
    const stored = continues && openContext(app, store, session, setup);
    const turn = askTurn(
      app,
      store,
      {
        ...{ session, lease, model, tools: undefined, outputSchema: null },
        context: {
          ...(stored ? storedContext(request, stored) : relayContext(request, setup, session.id)),
          takeNotices: () => stored?.takeNotices() ?? [],
        },
        limit: await limitCost(app, store, { session, setup }),
      },
      { parts: [], opening, answerId, instead, signal },
    );
    for await (const event of turn) {
      if (event.type === 'turn-result' && event.isSaved) {
        const answer = event.message;
        const messages = continues ? null : request.messages;
        const indexed = { session, named, marks, answer, opening, messages, from };
        await indexAnswer(store, indexed).catch((error: unknown) =>
          app.logger.warn({ error, sessionId: session.id }, 'an answer could not be indexed'),
        );
      }
      yield event;
    }
  } finally {
    await held.release();
  }
}
