import { finishOf, SCRIPTED_USAGE, type ScriptedAnswer } from './scripted-answer.ts';
import { toWire } from './wire-events.ts';

const INCOMPLETE: Record<string, string> = {
  length: 'max_output_tokens',
  'content-filter': 'content_filter',
};

/** The answer as server events of the Responses API, one string for each event. */
export function openAiResponsesWire(answer: ScriptedAnswer): string[] {
  const head = { id: 'resp_double', object: 'response', model: answer.model ?? 'double-1' };
  const items = [...reasoningItem(answer), ...textItem(answer), ...callItems(answer)];
  const incomplete = INCOMPLETE[finishOf(answer)];
  const status = incomplete === undefined ? 'completed' : 'incomplete';
  const events: object[] = [
    { type: 'response.created', response: { ...head, status: 'in_progress', output: [] } },
    ...items.flatMap((events, output_index) => events.map((event) => ({ ...event, output_index }))),
    {
      type: `response.${status}`,
      response: {
        ...head,
        status,
        incomplete_details: incomplete === undefined ? null : { reason: incomplete },
        usage: usageOf(answer),
      },
    },
  ];
  return toWire(
    'openai-responses',
    events.map((event, sequence_number) => JSON.stringify({ ...event, sequence_number })),
  );
}

function reasoningItem({ reasoning, seal }: ScriptedAnswer): object[][] {
  if (!reasoning) return [];
  const item_id = seal === undefined ? 'rs_double' : `rs_${seal}`;
  const done = {
    type: 'reasoning',
    id: item_id,
    summary: [{ type: 'summary_text', text: reasoning.join('') }],
    encrypted_content: seal ?? 'c2VhbGVk',
  };
  return [
    [
      { type: 'response.output_item.added', item: { ...done, summary: [], encrypted_content: '' } },
      ...reasoning.map((delta) => ({
        type: 'response.reasoning_summary_text.delta',
        item_id,
        summary_index: 0,
        delta,
      })),
      { type: 'response.output_item.done', item: done },
    ],
  ];
}

function textItem({ text, finish }: ScriptedAnswer): object[][] {
  if (!text) return [];
  const item_id = 'msg_double';
  const kind = finish === 'refusal' ? 'refusal' : 'output_text';
  const item = { type: 'message', id: item_id, role: 'assistant' };
  const content = [{ type: kind, [kind === 'refusal' ? 'refusal' : 'text']: text.join('') }];
  return [
    [
      { type: 'response.output_item.added', item: { ...item, content: [] } },
      ...text.map((delta) => ({
        type: `response.${kind}.delta`,
        item_id,
        content_index: 0,
        delta,
      })),
      { type: 'response.output_item.done', item: { ...item, content, status: 'completed' } },
    ],
  ];
}

function callItems({ toolCalls = [] }: ScriptedAnswer): object[][] {
  return toolCalls.map((call) => {
    const item_id = `fc_${call.id}`;
    const item = { type: 'function_call', id: item_id, call_id: call.id, name: call.name };
    const whole = call.arguments.join('');
    return [
      { type: 'response.output_item.added', item: { ...item, arguments: '' } },
      ...call.arguments.map((delta) => ({
        type: 'response.function_call_arguments.delta',
        item_id,
        delta,
      })),
      { type: 'response.function_call_arguments.done', item_id, arguments: whole },
      { type: 'response.output_item.done', item: { ...item, arguments: whole } },
    ];
  });
}

function usageOf(answer: ScriptedAnswer): object | null {
  const usage = answer.usage === undefined ? SCRIPTED_USAGE : answer.usage;
  return (
    usage && {
      input_tokens: usage.inputTokens,
      input_tokens_details: {
        cached_tokens: usage.cacheReadTokens ?? 0,
        cache_write_tokens: usage.cacheWriteTokens ?? 0,
      },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
      total_tokens: usage.inputTokens + usage.outputTokens,
    }
  );
}
