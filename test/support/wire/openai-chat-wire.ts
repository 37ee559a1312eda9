import { finishOf, SCRIPTED_USAGE, type ScriptedAnswer } from './scripted-answer.ts';
import { toWire } from './wire-events.ts';

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'stop',
};

/** The answer as server events of Chat Completions, one string for each event, `[DONE]` last. */
export function openAiChatWire(answer: ScriptedAnswer): string[] {
  return toWire(
    'openai-chat',
    chatChunks(answer).map((chunk) => JSON.stringify(chunk)),
  );
}

function chatChunks(answer: ScriptedAnswer): object[] {
  const usage = answer.usage === undefined ? SCRIPTED_USAGE : answer.usage;
  const chunk = (rest: object): object => ({
    id: 'chatcmpl-double',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: answer.model ?? 'double-1',
    ...rest,
  });
  const choice = (delta: object, finish_reason: string | null = null): object =>
    chunk({ choices: [{ index: 0, delta, finish_reason }] });
  const finish = finishOf(answer);
  const textField = finish === 'refusal' ? 'refusal' : 'content';
  return [
    choice({ role: 'assistant', content: '' }),
    ...reasoningDeltas(answer).map((delta) => choice(delta)),
    ...(answer.text ?? []).map((piece) => choice({ [textField]: piece })),
    ...(answer.toolCalls ?? []).flatMap((call, index) => [
      choice({
        tool_calls: [
          {
            ...{ index, id: call.id, type: 'function' },
            function: { name: call.name, arguments: '' },
            ...(index === 0 && signatureOf(answer)),
          },
        ],
      }),
      ...call.arguments.map((piece) =>
        choice({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]),
    choice({}, FINISH_REASONS[finish]),
    ...(usage === null
      ? []
      : [
          chunk({
            choices: [],
            usage: {
              prompt_tokens: usage.inputTokens,
              completion_tokens: usage.outputTokens,
              total_tokens: usage.inputTokens + usage.outputTokens,
              prompt_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0 },
              completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
            },
          }),
        ]),
  ];
}

/** In a field of its own; or as a router gives it, the signature last. */
function reasoningDeltas({ reasoning = [], seal, sealedPart }: ScriptedAnswer): object[] {
  if (sealedPart !== 'details') return reasoning.map((piece) => ({ reasoning_content: piece }));
  const detail = (more: object) => ({
    reasoning_details: [
      { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0, ...more },
    ],
  });
  const pieces = reasoning.map((text) => ({ reasoning: text, ...detail({ text }) }));
  return [...pieces, detail({ signature: seal })];
}

function signatureOf({ seal, sealedPart }: ScriptedAnswer): object {
  if (sealedPart !== 'call') return {};
  return { extra_content: { google: { thought_signature: seal } } };
}
