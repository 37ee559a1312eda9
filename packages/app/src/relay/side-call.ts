import { textOf } from '@synapse/core';
import type { RelayedRequest } from './relayed-request.ts';

const TASK =
  /\b(?:generat|creat|writ|suggest|analy[sz]|summari[sz]|extract|output only|respond only|you are an? [\w ]*(?:generator|summari[sz]er))/i;
const OBJECT = /\b(?:title|topic|tags?|follow-?up|summar|search quer|emoji|name for)/i;
const OPENING_LENGTH = 600;

/**
 * Whether a request is no part of its conversation: clients let the model name it, tag it, or test
 * the connection. It then uses no tools and has no history. `systemPrompt` is that of the session
 * if the conversation has begun.
 */
export function isSideCall(
  request: RelayedRequest,
  session: { systemPrompt: string | null } | null,
): boolean {
  const { tools, messages, systemPrompt, maxOutputTokens } = request;
  if (tools.length > 0 || messages.some(({ role }) => role !== 'user')) return false;
  // A test of the connection.
  if (maxOutputTokens === 1) return true;
  const differs =
    session !== null && withoutNumbers(systemPrompt) !== withoutNumbers(session.systemPrompt);
  if (differs && systemPrompt !== null) return true;
  const question = messages[0] ? textOf(messages[0].parts) : '';
  return isTask(systemPrompt ?? '') || (systemPrompt === null && /^\s*#+ task/i.test(question));
}

/** Whether the answer to a side call is a title of the session. */
export function asksForTitle({ systemPrompt, messages }: RelayedRequest): boolean {
  const question = messages[0] ? textOf(messages[0].parts) : '';
  return /\btitle\b/i.test(`${systemPrompt ?? ''}\n${question}`.slice(0, OPENING_LENGTH));
}

function isTask(text: string): boolean {
  const opening = text.slice(0, OPENING_LENGTH);
  return TASK.test(opening) && OBJECT.test(opening);
}

/** Prompts contain dates and times. */
function withoutNumbers(text: string | null): string {
  return (text ?? '').replaceAll(/\d+/g, '').trim();
}
