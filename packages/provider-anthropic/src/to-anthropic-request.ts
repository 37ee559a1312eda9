import type { Anthropic } from '@anthropic-ai/sdk';
import type { JsonObject, ModelRequest } from '@synapse/core';
import type { ModelFacts } from '@synapse/core/models';
import { askForJson, toRecord } from '@synapse/provider-http';
import type { AnthropicOptions } from './anthropic-options.ts';
import { toAnthropicMessages } from './to-anthropic-messages.ts';
import { toAnswerSchema } from './to-answer-schema.ts';

type Body = Anthropic.MessageCreateParamsStreaming;

const CACHED = { cache_control: { type: 'ephemeral' } } as const;
/** Room for the answer itself, in addition to the thinking budget. */
const ANSWER_TOKENS = 4096;
/** The API requires a limit, and compatible models accept this one. */
const USUAL_LIMIT = 8192;
const ARGUMENT_NAME = /^[\w.-]{1,64}$/;

export function toAnthropicRequest(
  request: ModelRequest,
  options: Pick<AnthropicOptions, 'thinking' | 'effort' | 'showsReasoning'>,
  facts: ModelFacts,
): Body {
  const { thinking, effort: chosen } = options;
  const limit = request.maxOutputTokens ?? facts.maxOutputTokens ?? USUAL_LIMIT;
  const effort = fittingEffort(request, chosen, facts);
  const budget = typeof thinking === 'object' ? thinking.budgetTokens : 0;
  const isThinking = thinking !== undefined && thinking !== 'disabled';
  const { outputSchema, stopSequences = [] } = request;
  const canGuarantee = facts.structuredOutput === 'json-schema';
  const schema = outputSchema && canGuarantee ? toAnswerSchema(outputSchema.schema) : undefined;
  const system =
    outputSchema === null || schema
      ? request.systemPrompt
      : askForJson(request.systemPrompt, outputSchema);
  return {
    model: request.model,
    max_tokens: budget >= limit ? budget + ANSWER_TOKENS : limit,
    stream: true,
    messages: toAnthropicMessages(request.messages),
    ...(system?.trim() && { system: [{ type: 'text', text: system, ...CACHED }] }),
    ...(request.tools.length > 0 && { tools: toTools(request), ...toChoice(request) }),
    ...(stopSequences.length > 0 && { stop_sequences: [...stopSequences] }),
    ...toThinking(options, facts),
    // A model that thinks accepts only its default temperature.
    ...(request.temperature !== null && !isThinking && { temperature: request.temperature }),
    ...((effort !== undefined || schema) && {
      output_config: {
        ...(effort !== undefined && { effort }),
        ...(schema && { format: { type: 'json_schema', schema } }),
      },
    }),
  };
}

type Effort = AnthropicOptions['effort'];

/** The effort of the request, else the chosen one; undefined for one that the model does not know. */
function fittingEffort(
  { effort }: ModelRequest,
  chosen: Effort,
  { efforts }: ModelFacts,
): Effort | undefined {
  // Compatible servers refuse an effort for a model that does not think.
  if (effort !== undefined && efforts?.includes(effort)) return effort as Effort;
  return chosen && efforts?.includes(chosen) !== false ? chosen : undefined;
}

function toChoice({ toolChoice }: ModelRequest): Pick<Body, 'tool_choice'> {
  if (toolChoice === undefined) return {};
  const isAny = toolChoice === 'required';
  return { tool_choice: isAny ? { type: 'any' } : { type: 'tool', name: toolChoice.name } };
}

function toTools({ tools }: ModelRequest): Anthropic.Tool[] {
  return tools.map(({ name, description, inputSchema }, index) => ({
    name,
    description,
    input_schema: { ...withAllowedNames(inputSchema), type: 'object' },
    ...(index === tools.length - 1 && CACHED),
  }));
}

/** Anthropic refuses such argument names; the model can still use them because the description names them. */
function withAllowedNames(schema: JsonObject): JsonObject {
  const { properties, additionalProperties, ...rest } = schema;
  const all = Object.entries(toRecord(properties) as JsonObject);
  const refused = all.filter(([name]) => !ARGUMENT_NAME.test(name));
  if (refused.length === 0) return schema;
  const note = `Further arguments: ${JSON.stringify(Object.fromEntries(refused))}`;
  const { description = '' } = rest;
  return {
    ...rest,
    description: typeof description === 'string' && description ? `${description}\n${note}` : note,
    properties: Object.fromEntries(all.filter(([name]) => ARGUMENT_NAME.test(name))),
    ...(typeof additionalProperties === 'object' && { additionalProperties }),
  };
}

/** Newer models hide the text of their thinking unless a request asks for it. */
function toThinking(
  { thinking, showsReasoning }: Pick<AnthropicOptions, 'thinking' | 'showsReasoning'>,
  facts: ModelFacts,
): Pick<Body, 'thinking'> {
  if (typeof thinking === 'object') {
    return { thinking: { type: 'enabled', budget_tokens: thinking.budgetTokens } };
  }
  // Thinking is not switched on only to display it.
  const thinksAnyway = facts.thinking === 'always' || facts.thinking === 'adaptive';
  const type = thinking ?? (showsReasoning && thinksAnyway ? 'adaptive' : undefined);
  if (type === undefined) return {};
  const display = type === 'adaptive' && showsReasoning ? 'summarized' : undefined;
  return { thinking: { type, ...(display && { display }) } };
}
