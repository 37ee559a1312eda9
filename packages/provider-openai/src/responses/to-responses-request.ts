import type { OpenAI } from 'openai';
import type { ModelRequest } from '@synapse/core';
import type { OpenAiOptions } from '../openai-options.ts';
import { toSchemaFormat } from '../to-schema-format.ts';
import { toResponsesInput } from './to-responses-input.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

/** OpenAI stores nothing: the session is here, and requests carry the encrypted reasoning. */
export function toResponsesRequest(
  request: ModelRequest,
  options: Pick<OpenAiOptions, 'reasoningEffort'> & {
    reasoningSummary?: OpenAiOptions['reasoningSummary'] | undefined;
    /** Whether the model may be asked for its encrypted reasoning. */
    sealsThoughts: boolean;
  },
): Body {
  const { systemPrompt, maxOutputTokens, temperature, cacheKey } = request;
  return {
    model: request.model,
    stream: true,
    store: false,
    input: toResponsesInput(request.messages),
    ...(systemPrompt !== null && systemPrompt.trim() !== '' && { instructions: systemPrompt }),
    ...(request.tools.length > 0 && { tools: request.tools.map(toTool), ...toChoice(request) }),
    ...(maxOutputTokens !== null && { max_output_tokens: maxOutputTokens }),
    ...(temperature !== null && options.reasoningEffort === undefined && { temperature }),
    ...(cacheKey !== null && { prompt_cache_key: cacheKey }),
    ...(options.sealsThoughts && { include: ['reasoning.encrypted_content'] }),
    ...toReasoning(options),
    ...toText(request),
  };
}

function toReasoning({
  reasoningEffort: effort,
  reasoningSummary: summary,
}: Parameters<typeof toResponsesRequest>[1]): Partial<Body> {
  if (effort === undefined && summary === undefined) return {};
  return { reasoning: { ...(effort && { effort }), ...(summary && { summary }) } };
}

function toText({ outputSchema }: ModelRequest): Partial<Body> {
  if (outputSchema === null) return {};
  return { text: { format: { type: 'json_schema', ...toSchemaFormat(outputSchema) } } };
}

function toTool({
  name,
  description,
  inputSchema,
}: ModelRequest['tools'][number]): OpenAI.Responses.FunctionTool {
  return { type: 'function', name, description, parameters: inputSchema, strict: false };
}

function toChoice({ toolChoice }: ModelRequest): Pick<Body, 'tool_choice'> {
  if (toolChoice === undefined) return {};
  const isAny = toolChoice === 'required';
  return { tool_choice: isAny ? toolChoice : { type: 'function', name: toolChoice.name } };
}
