import type { ModelRequest, OutputSchema } from '@synapse/core';
import type { ServerQuirks } from '@synapse/core/models';
import type { OpenAI } from 'openai';
import { askForJson } from '@synapse/provider-http';
import type { OpenAiOptions } from '../openai-options.ts';
import { toSchemaFormat } from '../to-schema-format.ts';
import { markCache } from './mark-cache.ts';
import { toChatMessages } from './to-chat-messages.ts';

// The API refuses more.
const MAX_STOPS = 4;

type Body = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

export function toChatRequest(
  request: ModelRequest,
  { reasoningEffort }: Pick<OpenAiOptions, 'reasoningEffort'>,
  quirks: ServerQuirks,
): Body {
  const { maxOutputTokens, temperature, cacheKey, outputSchema, stopSequences = [] } = request;
  const system = systemPrompt(request, quirks);
  const messages = [
    ...(system === '' ? [] : [{ role: quirks.systemRole, content: system }]),
    ...toChatMessages(request.messages, quirks),
  ];
  return {
    model: request.model,
    stream: true,
    messages: quirks.marksCache && /claude/i.test(request.model) ? markCache(messages) : messages,
    ...(request.tools.length > 0 && { tools: request.tools.map(toTool), ...toChoice(request) }),
    ...(quirks.supportsStreamUsage && { stream_options: { include_usage: true } }),
    ...(maxOutputTokens !== null && { [quirks.maxTokensField]: maxOutputTokens }),
    ...(temperature !== null && { temperature }),
    ...(stopSequences.length > 0 && { stop: stopSequences.slice(0, MAX_STOPS) }),
    ...(reasoningEffort !== undefined && { reasoning_effort: reasoningEffort }),
    ...(cacheKey !== null && quirks.supportsCacheKey && { prompt_cache_key: cacheKey }),
    ...(outputSchema !== null && responseFormat(outputSchema, quirks)),
  };
}

/** If the server cannot enforce a schema, the prompt asks the model for it. */
function systemPrompt({ systemPrompt, outputSchema }: ModelRequest, quirks: ServerQuirks): string {
  if (outputSchema !== null && quirks.structuredOutput !== 'json-schema') {
    return askForJson(systemPrompt, outputSchema);
  }
  return systemPrompt?.trim() ? systemPrompt : '';
}

function responseFormat(
  outputSchema: OutputSchema,
  { structuredOutput }: ServerQuirks,
): Partial<Body> {
  if (structuredOutput === 'prompt') return {};
  if (structuredOutput === 'json-object') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: toSchemaFormat(outputSchema) } };
}

function toTool({
  name,
  description,
  inputSchema,
}: ModelRequest['tools'][number]): OpenAI.Chat.ChatCompletionFunctionTool {
  return { type: 'function', function: { name, description, parameters: inputSchema } };
}

function toChoice({ toolChoice }: ModelRequest): Pick<Body, 'tool_choice'> {
  if (toolChoice === undefined) return {};
  if (toolChoice === 'required') return { tool_choice: toolChoice };
  return { tool_choice: { type: 'function', function: { name: toolChoice.name } } };
}
