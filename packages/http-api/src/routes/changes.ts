import { joinSignals } from '@synapse/core';
import type { Change, ChangeFeed } from '@synapse/core/server';
import * as v from 'valibot';
import { eventReply, type ServerEvent } from '../events/event-stream.ts';
import { defineRoute, type Route } from '../route.ts';

const PAGE = 500;

export const changeRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/events', id: 'followChanges', tag: 'changes', scope: 'read' },
    summary: 'Follow the changes of all sessions, as server-sent events',
    description:
      'Also those that other programs make in the same store. `ready` names the position to begin with. `changes` has the changes of one transaction: what changed, not its content. `reset` means that changes are missing: read again what you show. A `ping` comes every 15 s without other events. On a reconnect, Last-Event-ID takes the place of `since`.',
    query: {
      since: v.pipe(
        v.string(),
        v.regex(/^(now|\d{1,15})$/, 'Expected "now" or a position'),
        v.description('The last known position, or "now".'),
      ),
    },
    replies: { 200: { description: 'The events.', mediaTypes: ['text/event-stream'] } },
    async handle({ caller: { identity, store, app }, service, headers, signal, query }) {
      const known = headers.get('last-event-id') ?? query.since;
      const since = /^\d{1,15}$/.test(known) ? Number(known) : await store.changes.position();
      const { stopping } = service.runs;
      const joined = joinSignals([signal, stopping]);
      const { owner } = identity;
      const events = followChanges(store.changes, { since, owner }, joined.signal);
      joined.signal.addEventListener('abort', () => joined.release());
      return eventReply(service.figures.watched('changes', events), app.clock, stopping);
    },
  }),
];

async function* followChanges(
  changes: ChangeFeed,
  { since, owner }: { since: number; owner: string | null },
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  let position = since;
  yield { id: position, type: 'ready', data: { position } };
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a wake has no value
  for await (const _ of changes.wake(signal)) {
    for (;;) {
      const page = await changes.since(position, PAGE, { owner });
      if (!page) {
        position = await changes.position();
        yield { id: position, type: 'reset', data: { position } };
        continue;
      }
      for (const [id, together] of byPosition(page)) {
        yield { id, type: 'changes', data: { changes: together } };
        position = id;
      }
      if (page.length < PAGE) break;
    }
  }
}

/** A reader that reconnects between two changes of one position would miss the second. */
function byPosition(page: readonly Change[]): Map<number, Omit<Change, 'position'>[]> {
  const found = new Map<number, Omit<Change, 'position'>[]>();
  for (const { position, kind, sessionId, revision } of page) {
    const together = found.get(position) ?? [];
    together.push({ kind, sessionId, revision });
    found.set(position, together);
  }
  return found;
}
