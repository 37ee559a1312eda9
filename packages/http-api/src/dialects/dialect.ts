import type { JsonObject, JsonValue, Store } from '@synapse/core';
import { toAnthropicError } from './anthropic-error.ts';
import type { AnswerHead, AnswerWriter, ServerEvent, WholeAnswer } from './answer-writer.ts';
import { toChatDocument } from './chat/chat-document.ts';
import { ChatWriter } from './chat/chat-writer.ts';
import { readChatRequest } from './chat/read-chat-request.ts';
import type { DialectRequest } from './dialect-request.ts';
import type { Failure } from './failure.ts';
import { toMessagesDocument } from './messages/messages-document.ts';
import { MessagesWriter } from './messages/messages-writer.ts';
import { readMessagesRequest } from './messages/read-messages-request.ts';
import { toOpenAiError } from './openai-error.ts';
import { readResponsesRequest } from './responses/read-responses-request.ts';
import { resolveReferences } from './responses/resolve-references.ts';
import { toRepeatedFields, toResponsesDocument } from './responses/responses-document.ts';
import { ResponsesWriter } from './responses/responses-writer.ts';

/** The API of a provider, as the clients of Synapse speak it. */
export interface Dialect {
  /** The request with what it names in the store. */
  complete?: (body: JsonObject, store: Store) => Promise<JsonObject>;
  read: (body: JsonValue) => DialectRequest;
  /** Writes an answer while it streams; `body` is the request. */
  writer: (head: AnswerHead, request: DialectRequest, body: JsonObject) => AnswerWriter;
  /** A whole answer. */
  document: (head: AnswerHead, body: JsonObject, answer: WholeAnswer) => JsonObject;
  error: (error: unknown) => { failure: Failure; body: object };
  /** Keeps a silent stream alive; null for a comment, which every client ignores. */
  ping: ServerEvent | null;
  /** Clients may continue after an answer by its id. */
  namesAnswers: boolean;
}

export const chatDialect: Dialect = {
  read: readChatRequest,
  writer: (head, request) => new ChatWriter(head, request),
  document: (head, _body, answer) => toChatDocument(head, answer),
  error: toOpenAiError,
  ping: null,
  namesAnswers: false,
};

export const responsesDialect: Dialect = {
  complete: resolveReferences,
  read: readResponsesRequest,
  writer: (head, _request, body) => new ResponsesWriter(head, toRepeatedFields(body)),
  document: (head, body, answer) => toResponsesDocument(head, toRepeatedFields(body), answer),
  error: toOpenAiError,
  ping: null,
  namesAnswers: true,
};

export const messagesDialect: Dialect = {
  read: readMessagesRequest,
  writer: (head) => new MessagesWriter(head),
  document: (head, _body, answer) => toMessagesDocument(head, answer),
  error: toAnthropicError,
  ping: { event: 'ping', data: { type: 'ping' } },
  namesAnswers: false,
};
