import type { JsonObject, TurnEnd, Usage } from '@synapse/core';
import {
  noUsage,
  toArguments,
  toSeconds,
  type AnswerHead,
  type WholeAnswer,
} from '../answer-writer.ts';
import { callItem, messageItem, reasoningItem } from './responses-items.ts';

const INCOMPLETE = new Map([
  ['length', 'max_output_tokens'],
  ['content-filter', 'content_filter'],
]);

/** A whole answer, as the Responses API gives it without a stream. */
export function toResponsesDocument(
  head: AnswerHead,
  request: JsonObject,
  { parts, turnEnd }: WholeAnswer,
): JsonObject {
  const output = parts.flatMap((part, index): JsonObject[] => {
    const place = `${head.id}_${index}`;
    switch (part.type) {
      case 'text':
        return [messageItem(`msg_${place}`, part.text, part.replay ?? null)];
      case 'reasoning':
        return [reasoningItem(`rs_${place}`, part.text, part.replay ?? null)];
      case 'tool-call':
        return [callItem(`fc_${place}`, part.id, part.name, toArguments(part))];
      default:
        return [];
    }
  });
  return toResponse(head, request, { output, turnEnd });
}

/** A response in its present state; without a `turnEnd`, its usage is not known yet. */
export function toResponse(
  { id, model, createdAt }: AnswerHead,
  request: JsonObject,
  { output, turnEnd }: { output: readonly JsonObject[]; turnEnd: TurnEnd | null },
): JsonObject {
  const reason = INCOMPLETE.get(turnEnd?.finishReason.unified ?? '');
  return {
    ...{ id: toResponseId(id), object: 'response', created_at: toSeconds(createdAt) },
    status: reason === undefined ? 'completed' : 'incomplete',
    error: null,
    incomplete_details: reason === undefined ? null : { reason },
    ...request,
    model,
    output: [...output],
    usage: turnEnd && toResponsesUsage(turnEnd.usage),
  };
}

/** A response in the background, before its answer begins. */
export function queuedResponse(head: AnswerHead, request: JsonObject): JsonObject {
  return { ...toResponse(head, request, { output: [], turnEnd: null }), status: 'queued' };
}

/** The fields of a request that its response repeats, with the defaults of the API. */
export function toRepeatedFields(body: JsonObject): JsonObject {
  const given = Object.entries(REPEATED).map(([name, usual]) => [name, body[name] ?? usual]);
  const fields = Object.fromEntries(given) as JsonObject;
  const { conversation } = fields;
  return typeof conversation === 'string'
    ? { ...fields, conversation: { id: conversation } }
    : fields;
}

const REPEATED: JsonObject = {
  background: false,
  conversation: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
};

/** The id of a response names the message with the answer. */
export function toResponseId(messageId: string): string {
  return `resp_${messageId}`;
}

export function toResponsesUsage(usage: Usage | null): JsonObject {
  const counts = usage ?? noUsage;
  return {
    input_tokens: counts.inputTokens,
    input_tokens_details: {
      cached_tokens: counts.cacheReadTokens,
      cache_write_tokens: counts.cacheWriteTokens,
    },
    output_tokens: counts.outputTokens,
    output_tokens_details: { reasoning_tokens: counts.reasoningTokens },
    total_tokens: counts.inputTokens + counts.outputTokens,
  };
}
