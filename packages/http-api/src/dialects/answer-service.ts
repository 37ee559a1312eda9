import type { JsonObject } from '@synapse/core';
import { relay } from '@synapse/app/relay/relay';
import type { Continued } from '@synapse/app/relay/relay-options';
import type { App } from '@synapse/app/wiring';
import { jsonReply, streamReply } from '../reply.ts';
import type { Call } from '../route.ts';
import { collectAnswer, readBeginning, streamLines } from './answer-stream.ts';
import type { AnswerHead } from './answer-writer.ts';
import { InvalidRequestError } from './client-fields.ts';
import { clientMarks } from './client-marks.ts';
import type { DialectRequest } from './dialect-request.ts';
import type { Dialect } from './dialect.ts';
import { queuedResponse, toRepeatedFields } from './responses/responses-document.ts';
import { OpenModels } from './open-models.ts';
import { RecentAnswers, requestKey } from './recent-answers.ts';
import { SharedAnswer } from './shared-answer.ts';

type AnswerCall = Call<unknown, unknown, JsonObject>;

interface Asked {
  shared: SharedAnswer;
  head: AnswerHead;
}

/** What the requests of one server share: its open models, and the answers of the last minute. */
interface AnswerService {
  models: OpenModels;
  recent: RecentAnswers;
}

const services = new WeakMap<App, AnswerService>();

function answerServiceOf(app: App): AnswerService {
  const known = services.get(app);
  if (known) return known;
  const service = { models: new OpenModels(app), recent: new RecentAnswers(app.clock) };
  services.set(app, service);
  return service;
}

/** Answers a request of a dialect, streamed or whole; rejects if the answer fails at once. */
export async function serveAnswer(
  call: AnswerCall,
  dialect: Dialect,
  path: string,
): Promise<Response> {
  const { body, headers, signal, caller, service } = call;
  const request = dialect.read((await dialect.complete?.(body, caller.store)) ?? body);
  call.allowSilence();
  const { recent } = answerServiceOf(caller.app);
  const key = requestKey(headers, caller.identity.tokenId, path, body);
  const known = recent.find(headers, key);
  const { shared, head } = await ask(call, dialect, request, known);
  recent.add(key, shared);
  if (request.isBackground && !known) await service.background.begin(shared, caller.store);
  const { sessionId, answerId } = shared.relayed;
  const named = {
    ...(sessionId !== null && { 'x-synapse-session-id': sessionId }),
    'x-synapse-message-id': answerId,
    ...(request.ignoredTools.length > 0 && {
      'x-synapse-ignored-tools': toHeader(request.ignoredTools),
    }),
  };
  const isLater = request.isBackground && shared.relayed.instanceId !== null;
  if (isLater && !request.isStreaming) {
    return jsonReply(200, queuedResponse(head, toRepeatedFields(body)), named);
  }
  const events = shared.read(signal);
  if (!request.isStreaming) {
    return jsonReply(200, dialect.document(head, body, await collectAnswer(events)), named);
  }
  const first = await readBeginning(events);
  const writer = dialect.writer(head, request, body);
  return streamReply(streamLines(events, first, writer, dialect.ping), {
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    ...named,
  });
}

async function ask(
  { caller, headers }: AnswerCall,
  dialect: Dialect,
  request: DialectRequest,
  known: SharedAnswer | undefined,
): Promise<Asked> {
  const { app, store } = caller;
  const model = await answerServiceOf(app).models.open(request.model);
  const { name, model: usual } = model.setup;
  const controller = new AbortController();
  const shared =
    known ??
    new SharedAnswer(
      await relay({
        ...{
          app,
          store,
          model,
          request,
          signal: controller.signal,
        },
        marks: clientMarks(headers, request, dialect.namesAnswers),
        continues: continuedBy(request),
        keeps: request.isStored || app.settings.serve.remember === 'always',
      }),
      controller,
    );
  const { answerId: id, createdAt } = shared.relayed;
  return { shared, head: { id, model: request.model ?? `${name}/${usual}`, createdAt } };
}

const RESPONSE = /^resp_([0-9a-f-]{36})$/;
const CONVERSATION = /^conv_([0-9a-f-]{36})$/;

function continuedBy({ previousResponse, conversation }: DialectRequest): Continued | null {
  if (previousResponse !== null) {
    const [, answerId] = RESPONSE.exec(previousResponse) ?? [];
    if (answerId) return { answerId };
    throw new InvalidRequestError('previous_response_id', 'is not the id of a response.');
  }
  if (conversation === null) return null;
  const [, sessionId] = CONVERSATION.exec(conversation) ?? [];
  if (sessionId) return { sessionId };
  throw new InvalidRequestError('conversation', 'must be "conv_" and the id of a session.');
}

/** Headers take no other characters. */
function toHeader(names: readonly string[]): string {
  return names
    .join(', ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 500);
}
