import { MessageNotFoundError, type Message, type SessionStore } from '@synapse/core';
import { getSession } from '@synapse/core/conversation';
import { messageToJson } from '@synapse/portability';
import { recordOf } from '@synapse/portability/json-schemas';
import { readActiveRun, type ActiveRunView } from '@synapse/app/runs/read-active-run';
import {
  fromMessageCursor,
  pickMessages,
  type MessageChoice,
} from '@synapse/app/sessions/pick-messages';
import * as v from 'valibot';
import { flag, id, limit, sessionId, text } from '../fields.ts';
import { listOf, ref } from '../openapi/components.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'messages';
const cursorOrNull = { type: ['string', 'null'] };
const activeRun = recordOf({
  ...{ id: { type: 'string' }, position: { type: 'integer' } },
  answer: listOf(ref('Part')),
});

interface MessagesPage {
  messages: Message[];
  /** Null if there are no earlier messages. */
  olderCursor: string | null;
  /** Null if there are no later messages. */
  newerCursor: string | null;
}

export const messageRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}/messages', tag, scope: 'read' },
    id: 'listMessages',
    summary: 'Read messages of a session, from either end or around one',
    description:
      'Messages are always in the order of the session. While a run is active, the newest page has `run`: `items` end with its question, `answer` has the parts that followed, and the events after `position` continue them without a gap.',
    params: { sessionId },
    query: {
      limit,
      from: v.optional(
        v.pipe(v.picklist(['start', 'end']), v.description('The end to begin at.')),
        'end',
      ),
      cursor: v.optional(text('`olderCursor` or `newerCursor` of another page.', 40)),
      around: v.optional(id('A message that shall be in the middle of the page.')),
      variants: v.optional(
        flag('Also turns that are not part of the conversation: other answers and undone turns.'),
        false,
      ),
    },
    replies: {
      200: {
        description: 'A page of messages.',
        schema: recordOf({
          items: listOf(ref('Message')),
          ...{ olderCursor: cursorOrNull, newerCursor: cursorOrNull },
          run: { anyOf: [activeRun, { type: 'null' }] },
        }),
      },
    },
    async handle({ caller: { store }, params, query }) {
      const { sessions } = store;
      const { limit: count, from, cursor, around, variants } = query;
      if (cursor !== undefined && around !== undefined) {
        throw new HttpError('INVALID_REQUEST', 'Give a cursor or a message, not both.');
      }
      const { id: session } = await getSession(sessions, params.sessionId);
      const turns = variants ? 'all' : 'active';
      const start = from === 'start' ? { end: 'head' as const } : { end: 'tail' as const };
      const place = cursor === undefined ? start : fromMessageCursor(cursor);
      const isOlder = place.end === 'tail' && cursor !== undefined;
      const active = isOlder ? null : await readActiveRun(store, session);
      const { messages, ...cursors } =
        around === undefined
          ? await pageFrom(sessions, session, { ...place, count, turns })
          : await pageAround(sessions, session, around, { count, turns });
      const view = cursors.newerCursor === null ? active : null;
      const shown = view ? await withoutAnswer(view, messages, sessions) : messages;
      const run = view && { id: view.run.id, position: view.position, answer: view.parts };
      return jsonReply(200, { items: shown.map(messageToJson), ...cursors, run });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}/messages/{messageId}', tag },
    ...{ id: 'getMessage', scope: 'read' },
    summary: 'Read one message',
    params: { sessionId, messageId: id('The id of the message.') },
    replies: { 200: { description: 'The message.', schema: ref('Message') } },
    async handle({ caller: { store }, params }) {
      const message = await findMessage(store.sessions, params.sessionId, params.messageId);
      return jsonReply(200, messageToJson(message));
    },
  }),
];

/** Rejects with MessageNotFoundError, or with SessionNotFoundError for an unknown session. */
export async function findMessage(
  sessions: SessionStore,
  session: string,
  message: string,
): Promise<Message> {
  const found = await sessions.message(session, message);
  if (!found) throw new MessageNotFoundError(message, session);
  return found;
}

/** The answer of the run is told by its events, so its messages are left out until it ends. */
async function withoutAnswer(
  { run }: ActiveRunView,
  messages: readonly Message[],
  sessions: SessionStore,
): Promise<readonly Message[]> {
  const question = await sessions.message(run.sessionId, run.id);
  return question ? messages.filter(({ seq }) => seq <= question.seq) : messages;
}

async function pageFrom(
  sessions: SessionStore,
  session: string,
  choice: MessageChoice,
): Promise<MessagesPage> {
  const { messages, nextCursor } = await pickMessages(sessions, session, choice);
  const { end, beyond } = choice;
  if (end === 'tail') {
    const newerCursor = beyond === undefined ? null : `after-${beyond - 1}`;
    return { messages, olderCursor: nextCursor, newerCursor };
  }
  const olderCursor = beyond === undefined ? null : `before-${beyond + 1}`;
  return { messages, olderCursor, newerCursor: nextCursor };
}

async function pageAround(
  sessions: SessionStore,
  session: string,
  around: string,
  { count, turns }: Pick<MessageChoice, 'count' | 'turns'>,
): Promise<MessagesPage> {
  const { seq } = await findMessage(sessions, session, around);
  const half = Math.max(1, Math.floor(count / 2));
  const older = { end: 'tail' as const, count: half, beyond: seq, turns };
  const newer = { end: 'head' as const, count: Math.max(1, count - half), beyond: seq - 1, turns };
  const [before, after] = await Promise.all([
    pickMessages(sessions, session, older),
    pickMessages(sessions, session, newer),
  ]);
  return {
    messages: [...before.messages, ...after.messages],
    olderCursor: before.nextCursor,
    newerCursor: after.nextCursor,
  };
}
