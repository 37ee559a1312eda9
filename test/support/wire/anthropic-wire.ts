import { finishOf, SCRIPTED_USAGE, type ScriptedAnswer } from './scripted-answer.ts';
import { toWire } from './wire-events.ts';

const STOP_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
};

/** The answer as server events of the Messages API, one string for each event. */
export function anthropicWire(answer: ScriptedAnswer): string[] {
  return toWire(
    'anthropic',
    anthropicEvents(answer).map((event) => JSON.stringify(event)),
  );
}

function anthropicEvents(answer: ScriptedAnswer): object[] {
  const usage = answer.usage === undefined ? SCRIPTED_USAGE : answer.usage;
  const cacheRead = usage?.cacheReadTokens ?? 0;
  const cacheWrite = usage?.cacheWriteTokens ?? 0;
  const input = usage && {
    input_tokens: usage.inputTokens - cacheRead - cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
  };
  const blocks: { start: object; deltas: object[] }[] = [];
  if (answer.reasoning) {
    blocks.push({
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...answer.reasoning.map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: answer.seal ?? 'c2lnbmVk' },
      ],
    });
  }
  if (answer.text) {
    blocks.push({
      start: { type: 'text', text: '' },
      deltas: answer.text.map((text) => ({ type: 'text_delta', text })),
    });
  }
  for (const call of answer.toolCalls ?? []) {
    blocks.push({
      start: { type: 'tool_use', id: call.id, name: call.name, input: {} },
      deltas: call.arguments.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    });
  }
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_double',
        type: 'message',
        role: 'assistant',
        model: answer.model ?? 'double-1',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        ...(input && { usage: { ...input, output_tokens: 1 } }),
      },
    },
    { type: 'ping' },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: STOP_REASONS[finishOf(answer)], stop_sequence: null },
      ...(usage && { usage: { ...input, output_tokens: usage.outputTokens } }),
    },
    { type: 'message_stop' },
  ];
}
