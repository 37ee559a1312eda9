import type { Anthropic } from '@anthropic-ai/sdk';
import type { ModelFacts, ModelRequest } from '@synapse/core';
import type { AnthropicOptions } from './anthropic-options.ts';
import { toAnthropicMessages } from './to-anthropic-messages.ts';

type Body = Anthropic.MessageCreateParamsStreaming;

const CACHED = { cache_control: { type: 'ephemeral' } } as const;
/** Room for the answer itself, beyond what the thinking may use up. */
const ANSWER_TOKENS = 4096;
/** The API insists on a limit, and the models of others that speak like it take so much. */
const USUAL_LIMIT = 8192;

export function toAnthropicRequest(
  request: ModelRequest,
  { thinking, effort: chosen }: Pick<AnthropicOptions, 'thinking' | 'effort'>,
  facts: ModelFacts,
): Body {
  const limit = request.maxOutputTokens ?? facts.maxOutputTokens ?? USUAL_LIMIT;
  const effort = chosen && facts.efforts?.includes(chosen) !== false ? chosen : undefined;
  const budget = typeof thinking === 'object' ? thinking.budgetTokens : 0;
  const isThinking = thinking !== undefined && thinking !== 'disabled';
  const { outputSchema } = request;
  return {
    model: request.model,
    max_tokens: budget >= limit ? budget + ANSWER_TOKENS : limit,
    stream: true,
    messages: toAnthropicMessages(request.messages),
    ...(request.systemPrompt !== null &&
      request.systemPrompt.trim() !== '' && {
        system: [{ type: 'text', text: request.systemPrompt, ...CACHED }],
      }),
    ...(request.tools.length > 0 && { tools: toTools(request) }),
    ...(thinking !== undefined && { thinking: toThinking(thinking) }),
    // A model that thinks takes no other temperature than its own.
    ...(request.temperature !== null && !isThinking && { temperature: request.temperature }),
    ...((effort !== undefined || outputSchema !== null) && {
      output_config: {
        ...(effort !== undefined && { effort }),
        ...(outputSchema !== null && {
          format: { type: 'json_schema', schema: outputSchema.schema },
        }),
      },
    }),
  };
}

function toTools({ tools }: ModelRequest): Anthropic.Tool[] {
  return tools.map(({ name, description, inputSchema }, index) => ({
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' },
    ...(index === tools.length - 1 && CACHED),
  }));
}

function toThinking(
  thinking: NonNullable<AnthropicOptions['thinking']>,
): Anthropic.ThinkingConfigParam {
  if (typeof thinking !== 'string') {
    return { type: 'enabled', budget_tokens: thinking.budgetTokens };
  }
  return { type: thinking };
}
