import { isJsonObject, type JsonObject, type Replay } from '@synapse/core';

const DIALECT = 'openai-responses';

/** The text of an answer, as a whole item of the output. */
export function messageItem(id: string, text: string, replay: Replay | null): JsonObject {
  const phase = dataOf(replay).phase;
  return {
    ...{ type: 'message', id, status: 'completed', role: 'assistant' },
    ...(typeof phase === 'string' && { phase }),
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
}

/** Reasoning; sealed if OpenAI sealed it, which only OpenAI can read again. */
export function reasoningItem(id: string, text: string, replay: Replay | null): JsonObject {
  const data = dataOf(replay);
  const sealed = data.encrypted_content;
  const isSealed = typeof sealed === 'string' && sealed !== '';
  return {
    type: 'reasoning',
    id: isSealed && typeof data.id === 'string' && data.id !== '' ? data.id : id,
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...(isSealed && { encrypted_content: sealed }),
  };
}

export function callItem(id: string, callId: string, name: string, input: string): JsonObject {
  return {
    type: 'function_call',
    id,
    call_id: callId,
    name,
    arguments: input,
    status: 'completed',
  };
}

function dataOf(replay: Replay | null): JsonObject {
  return replay?.dialect === DIALECT && isJsonObject(replay.data) ? replay.data : {};
}
