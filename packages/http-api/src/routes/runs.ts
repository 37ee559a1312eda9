import { joinSignals, type Part, type Store } from '@synapse/core';
import { getSession } from '@synapse/core/conversation';
import { RunNotFoundError, type Run } from '@synapse/core/server';
import { messageToJson } from '@synapse/portability';
import { recordOf } from '@synapse/portability/json-schemas';
import { uploadsToParts } from '@synapse/app/attachments/uploads';
import type { RunNews } from '@synapse/app/runs/follow-run';
import { runToJson } from '@synapse/app/runs/run-json';
import * as v from 'valibot';
import { requireScope } from '../doors/identify.ts';
import { eventReply, type ServerEvent } from '../events/event-stream.ts';
import { id, limit, sessionId, sha256, text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';
import { exampleId } from './examples.ts';

const tag = 'runs';
const MOST_OF_A_TURN = 500;
const MOST_ATTACHMENTS = 50;
const MOST_WAIT_SECONDS = 300;
const string = { type: 'string' };
const emptiable = { type: ['string', 'null'] };
const run = recordOf({
  ...{ id: string, sessionId: string },
  state: { enum: ['active', 'complete', 'failed', 'cancelled', 'interrupted'] },
  isCancelRequested: { type: 'boolean' },
  position: { type: 'integer' },
  ...{ startedAt: string, endedAt: emptiable },
});
const runId = id('The id of the run, which is that of its question.');

export const runRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/api/sessions/{sessionId}/runs', id: 'startRun', tag },
    scope: 'write',
    summary: 'Ask a question, and let it be answered whoever leaves',
    description:
      'Replies when the question is stored. A repeated request returns the run that it began. The answer goes on without a connection; read its events, or the messages of the session later. If the session is in use, it fails with 409: `run` names the active run, or `holder` the process that has it open.',
    params: { sessionId },
    body: {
      kind: 'json',
      schema: v.strictObject({
        id: id('The id of the question and of the run, made by you.'),
        text: text('The question; may be empty if there are attachments.', 1 << 19),
        attachments: v.exactOptional(
          v.pipe(
            v.array(
              v.strictObject({
                sha256,
                name: v.exactOptional(text('The name that the model sees.', 255)),
              }),
            ),
            v.maxLength(MOST_ATTACHMENTS),
            v.description('Uploads of this token, in the order in which the model gets them.'),
          ),
        ),
        model: v.exactOptional(text('provider/model or an alias; that of the session by default.')),
        tools: v.exactOptional(
          v.pipe(
            v.picklist(['none', 'read', 'plan', 'all']),
            v.description('The tools that the model may call, as far as the settings allow.'),
          ),
        ),
        takeOver: v.exactOptional(
          v.pipe(
            v.boolean(),
            v.description(
              'Continue here a session that another process has open: it hands it over, or loses it after 2 s. Does not end a run.',
            ),
          ),
        ),
        waitSeconds: v.exactOptional(
          v.pipe(
            v.number(),
            v.minValue(0),
            v.maxValue(MOST_WAIT_SECONDS),
            v.description(
              'How long to wait for a session that is in use. A process that has it open hands it over once it is idle.',
            ),
          ),
        ),
      }),
      example: { id: exampleId, text: 'Which train goes to Porto?' },
    },
    replies: {
      202: {
        ...{ description: 'The run.', schema: run },
        headers: { location: 'The address of the run.' },
      },
    },
    async handle({ caller: { identity, store }, service, signal, params, body }) {
      const { text: question, attachments = [], tools, ...others } = body;
      const { takeOver, waitSeconds = 0, ...rest } = others;
      await getSession(store.sessions, params.sessionId);
      const mayRunTools = identity.scopes.includes('tools') || identity.scopes.includes('admin');
      if (tools !== undefined && tools !== 'none') requireScope(identity, 'tools');
      const files = await uploadsToParts(attachments, store.attachments);
      const parts: Part[] = question === '' ? files : [{ type: 'text', text: question }, ...files];
      if (parts.length === 0)
        throw new HttpError('INVALID_REQUEST', 'body.text: The question is empty.');
      const { run: begun } = await service.runs.start(
        {
          ...{ ...rest, sessionId: params.sessionId },
          parts,
          tools: mayRunTools ? tools : 'none',
        },
        { waitMs: waitSeconds * 1000, isTakenOver: takeOver, signal },
      );
      return jsonReply(202, runToJson(begun), { location: `/api/runs/${begun.id}` });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}/runs', id: 'listRuns', tag },
    ...{ scope: 'read', summary: 'List the runs of a session, newest first' },
    params: { sessionId },
    query: { limit },
    replies: {
      200: { description: 'The runs.', schema: recordOf({ items: listOf(run) }) },
    },
    async handle({ caller: { store }, params, query }) {
      await getSession(store.sessions, params.sessionId);
      const found = await store.runs.list(params.sessionId, query.limit);
      return jsonReply(200, { items: found.map(runToJson) });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/runs/{runId}', id: 'getRun', tag, scope: 'read' },
    summary: 'Read a run',
    params: { runId },
    replies: { 200: { description: 'The run.', schema: run } },
    async handle({ caller: { store }, params }) {
      return jsonReply(200, runToJson(await findRun(store, params.runId)));
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/runs/{runId}/cancel', id: 'cancelRun', tag },
    scope: 'write',
    summary: 'End a run with what it has answered so far',
    description: 'On whichever server it works. Does nothing if the run has ended.',
    params: { runId },
    replies: { 202: { description: 'The run, which ends soon.', schema: run } },
    async handle({ caller: { store }, service, params }) {
      const found = await findRun(store, params.runId);
      await service.runs.cancel(found.id);
      return jsonReply(202, runToJson(await findRun(store, found.id)));
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/runs/{runId}/events', id: 'followRun', tag, scope: 'read' },
    summary: 'Follow a run from any position, as server-sent events',
    description:
      'Begins after the header Last-Event-ID, or after the position in `after`; from the start without them. The last event is `run-ended`. `reset` means that earlier events are gone: its `messages` take their place. A `ping` comes every 15 s without other events.',
    params: { runId },
    query: {
      after: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(0), v.description('The last known position.')),
      ),
    },
    replies: {
      200: { description: 'The events.', mediaTypes: ['text/event-stream'] },
      204: { description: 'The run has ended, and you know all of its events.' },
    },
    async handle({ caller: { store }, service, headers, signal, params, query }) {
      const found = await findRun(store, params.runId);
      const after = query.after ?? readLastEventId(headers);
      if (found.outcome !== null && after === found.position) {
        return new Response(null, { status: 204 });
      }
      const { stopping } = service.runs;
      const joined = joinSignals([signal, stopping]);
      const news = service.runs.follow(found, after, joined.signal);
      const events = toEvents(news, store, () => joined.release());
      return eventReply(service.figures.watched('run', events), service.app.clock, stopping);
    },
  }),
];

async function findRun({ runs }: Store, runId: string): Promise<Run> {
  const found = await runs.get(runId);
  if (!found) throw new RunNotFoundError(runId);
  return found;
}

function readLastEventId(headers: Headers): number {
  const given = headers.get('last-event-id') ?? '0';
  if (!/^\d{1,15}$/.test(given)) {
    throw new HttpError('INVALID_REQUEST', 'Last-Event-ID must be a position.');
  }
  return Number(given);
}

async function* toEvents(
  news: AsyncGenerator<RunNews>,
  store: Store,
  release: () => void,
): AsyncGenerator<ServerEvent> {
  try {
    for await (const one of news) {
      if (one.type === 'event') {
        const { position, type, data } = one.event;
        yield { id: position, type, data };
      } else {
        const messages = one.position === 0 ? [] : await messagesOf(store, one.run);
        const data = { run: runToJson(one.run), position: one.position, messages };
        yield { id: one.position, type: 'reset', data };
      }
    }
  } catch (error) {
    // The session was purged meanwhile.
    if (!(error instanceof RunNotFoundError)) throw error;
  } finally {
    release();
  }
}

/** The turn of a run as the session has it. */
async function messagesOf({ sessions }: Store, { id: questionId, sessionId: session }: Run) {
  const question = await sessions.message(session, questionId);
  if (!question) return [];
  const page = { limit: MOST_OF_A_TURN, after: question.seq - 1, turns: 'all' as const };
  const found = await sessions.messages(session, page);
  return found.filter(({ turn }) => turn === question.turn).map(messageToJson);
}
