import type { JsonObject } from '@synapse/core';
import type { History, HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { readJsonLines } from '../json-lines.ts';
import { asRecord, idIn, textIn, without } from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';
import { parseJson, toCall } from '../tool-values.ts';

type Speaker = 'user' | 'assistant' | 'calls' | 'result' | 'system';

const SPEAKERS: Record<string, Speaker> = {
  ...{ human: 'user', user: 'user', gpt: 'assistant', assistant: 'assistant', model: 'assistant' },
  ...{ chatgpt: 'assistant', bing: 'assistant', bard: 'assistant', system: 'system' },
  ...{ function_call: 'calls', tool_call: 'calls' },
  ...{
    observation: 'result',
    tool: 'result',
    function_response: 'result',
    tool_response: 'result',
  },
};

/** ShareGPT: conversations of turns, as a JSON list or one on each line. */
export const sharegpt: HistoryFormat = {
  tool: 'sharegpt',

  detects: ({ path }, beginning) =>
    /\.(json|jsonl|ndjson)$/.test(path) &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"conversations?" ?: ?\[\s*\{\s*"(from|value)" ?: ?"/.test(beginning),

  async *read(file, skip) {
    const isList = file.path.endsWith('.json');
    const elements = isList ? readJsonElements(file, 'data', skip) : readJsonLines(file, skip);
    const name = file.path.split(/[/\\]/).at(-1) ?? file.path;
    for await (const { number, record } of elements) {
      const place = `${isList ? 'conversation' : 'line'} ${number}`;
      const given = idIn(record, 'id');
      // Other ids, such as a number, are those of one file.
      const isUnique = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given ?? '');
      const id = given && isUnique ? given : `${name} ${given ?? place}`;
      const history = toHistory(record, id, place, skip);
      if (history.nodes.length > 0) yield history;
      else skip(place, 'has no messages', turnsOf(record) === null);
    }
  },
};

interface Turn {
  speaker: Speaker;
  value: string;
}

function turnsOf(record: JsonObject): JsonObject[] | null {
  const turns = Array.isArray(record.conversations) ? record.conversations : record.conversation;
  return Array.isArray(turns) ? turns.map(asRecord) : null;
}

function toHistory(record: JsonObject, id: string, place: string, skip: Skip): History {
  const turns: Turn[] = [];
  for (const [index, turn] of (turnsOf(record) ?? []).entries()) {
    const from = textIn(turn, 'from') ?? '';
    const speaker = Object.hasOwn(SPEAKERS, from) ? SPEAKERS[from] : undefined;
    const value = textIn(turn, 'value');
    if (speaker && value !== undefined) turns.push({ speaker, value });
    else
      skip(`${place}, turn ${index + 1}`, speaker ? 'has no text' : 'has no known speaker', true);
  }
  const [first] = turns;
  const given = textIn(record, 'system');
  const hasPrompt = given === undefined && first?.speaker === 'system';
  const createdAt = new Date(0);
  const messages = toMessages(hasPrompt ? turns.slice(1) : turns);
  return {
    ...{ id, createdAt, title: textIn(record, 'title') ?? null },
    systemPrompt: hasPrompt ? first.value : given,
    nodes: toNodes(messages, createdAt).nodes,
    metadata: without(record, 'conversations', 'conversation', 'system', 'title', 'id'),
  };
}

function toMessages(turns: readonly Turn[]): TreeMessage[] {
  const messages: TreeMessage[] = [];
  let calls = 0;
  let wasFiller = false;
  let waiting: { id: string; name: string }[] = [];
  for (const [index, { speaker, value }] of turns.entries()) {
    wasFiller = !wasFiller && isFiller(turns, index);
    if (wasFiller) continue;
    const parts: HistoryPart[] = [];
    if (speaker === 'result') {
      const isLast = turns[index + 1]?.speaker !== 'result';
      const outputs = isLast ? piecesOf(value, waiting.length) : [value];
      for (const output of outputs) {
        const { id, name } = waiting.shift() ?? { id: `call_${(calls += 1)}`, name: '' };
        parts.push({ type: 'tool-result', id, name, output, isError: false });
      }
      const last = messages.at(-1);
      if (last?.role === 'tool') last.parts.push(...parts);
      else messages.push({ role: 'tool', parts });
      continue;
    }
    if (speaker === 'calls') {
      const made = callsIn(value, () => `call_${(calls += 1)}`);
      waiting = made.flatMap((part) => (part.type === 'tool-call' ? part : []));
      messages.push({ role: 'assistant', parts: made });
    } else if (speaker === 'assistant')
      messages.push({ role: 'assistant', parts: answerIn(value) });
    else {
      const isInjected = speaker === 'system' && { isInjected: true as const };
      if (value !== '') parts.push({ type: 'text', text: value, ...isInjected });
      messages.push({ role: 'user', parts });
    }
  }
  return messages;
}

/** Writers put an empty turn where two turns of one side would follow each other. */
function isFiller(turns: readonly Turn[], index: number): boolean {
  const sideOf = (turn: Turn | undefined) =>
    turn && (turn.speaker === 'assistant' || turn.speaker === 'calls' ? 'model' : 'user');
  const [before, turn, after] = [turns[index - 1], turns[index], turns[index + 1]];
  if (turn?.value !== '' || !after || sideOf(turn) === sideOf(after)) return false;
  if (turn.speaker !== 'user' && turn.speaker !== 'assistant') return false;
  if (!before) return true;
  return sideOf(before) === sideOf(after) && before.speaker !== after.speaker;
}

const THOUGHT_END = '\n</think>\n\n';

function answerIn(value: string): HistoryPart[] {
  const end = value.startsWith('<think>\n') ? value.indexOf(THOUGHT_END) : -1;
  const parts: HistoryPart[] = [];
  if (end !== -1) parts.push({ type: 'reasoning', text: value.slice('<think>\n'.length, end) });
  const text = end === -1 ? value : value.slice(end + THOUGHT_END.length);
  if (text !== '') parts.push({ type: 'text', text });
  return parts;
}

/** The calls of a turn, with the thought before them; other text than JSON stays as it is. */
function callsIn(value: string, nextId: () => string): HistoryPart[] {
  const end = value.startsWith('<think>\n') ? value.lastIndexOf(THOUGHT_END) : -1;
  const made = parseJson(end === -1 ? value : value.slice(end + THOUGHT_END.length));
  const calls = (Array.isArray(made) ? made : [made ?? null]).map(asRecord);
  if (calls.length === 0 || calls.some((call) => textIn(call, 'name') === undefined)) {
    return [{ type: 'text', text: value }];
  }
  const parts: HistoryPart[] = [];
  if (end !== -1) parts.push({ type: 'reasoning', text: value.slice('<think>\n'.length, end) });
  for (const call of calls) {
    parts.push(toCall(nextId(), textIn(call, 'name') ?? '', call.arguments ?? call.parameters));
  }
  return parts;
}

/** Synapse joins the outputs of several calls by an empty line; where they have such lines, the last one has the rest. */
function piecesOf(value: string, count: number): string[] {
  const pieces = value.split('\n\n');
  if (count < 2 || pieces.length < count) return [value];
  return [...pieces.slice(0, count - 1), pieces.slice(count - 1).join('\n\n')];
}
