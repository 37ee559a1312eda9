import type { JsonObject } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import { hashOf } from '../history-ids.ts';
import type { History, HistoryNode, HistoryPart, Skip } from '../history.ts';
import {
  asRecord,
  countIn,
  listIn,
  recordIn,
  textIn,
  timeIn,
  usageOf,
  without,
} from '../json-values.ts';
import { fromDataUrl, toCall } from '../tool-values.ts';

/** A message with its parts, in whichever place opencode keeps them. */
export interface OpencodeMessage {
  info: JsonObject;
  parts: readonly JsonObject[];
  /** Whether a part is missing. */
  isDamaged?: boolean;
}

/** A session of opencode, from its description and its messages in their order; null without messages. */
export function toOpencodeHistory(
  info: JsonObject,
  messages: readonly OpencodeMessage[],
  skip: Skip,
): History | null {
  const id = textIn(info, 'id') ?? '';
  const time = recordIn(info, 'time');
  const nodes: HistoryNode[] = [];
  for (const message of messages) addMessage(nodes, message, skip);
  if (nodes.length === 0) return null;
  const revert = recordIn(info, 'revert');
  const isReverted = textIn(revert, 'messageID') !== undefined;
  if (isReverted) {
    skip(`session ${id}`, 'includes the last messages, which were undone in opencode');
  }
  const title = textIn(info, 'title');
  const isUntitled = title === undefined || /^(New|Child) session - \d{4}-/.test(title);
  const last = nodes.findLast(({ model }) => model !== undefined);
  const version = textIn(info, 'version');
  const model = recordIn(info, 'model');
  return {
    ...{ id, nodes, title: isUntitled ? null : title },
    createdAt: timeIn(time, 'created') ?? nodes[0]?.createdAt ?? new Date(0),
    workingDirectory: textIn(info, 'directory'),
    model: last?.model ?? textIn(model, 'id'),
    provider: last?.provider ?? textIn(model, 'providerID'),
    isArchived: timeIn(time, 'archived') !== undefined,
    parentId: textIn(info, 'parentID'),
    metadata: { ...(version !== undefined && { version }), ...(isReverted && { revert }) },
  };
}

/** The answer of a model may take several steps, each with its calls and their results. */
interface Step {
  parts: HistoryPart[];
  results: HistoryPart[];
  usage?: HistoryNode['usage'];
}

function addMessage(
  nodes: HistoryNode[],
  { info, parts, isDamaged = false }: OpencodeMessage,
  skip: Skip,
): void {
  const role = textIn(info, 'role');
  if (role !== 'user' && role !== 'assistant') {
    skip(`message ${textIn(info, 'id') ?? ''}`, `has the unknown role "${role ?? ''}"`, true);
    return;
  }
  const steps = toSteps(parts);
  const [first] = steps;
  const last = steps.at(-1);
  const error = recordIn(info, 'error');
  if (last && Object.keys(error).length > 0) last.parts.push(rawPart('error', error));
  const system = textIn(info, 'system');
  if (first && system !== undefined) first.parts.unshift(rawPart('system', system));
  if (first && steps.every(({ usage }) => !usage)) first.usage = usageIn(info);
  const time = recordIn(info, 'time');
  const created = timeIn(time, 'created');
  const createdAt = created ?? nodes.at(-1)?.createdAt ?? new Date(0);
  // A fork copies messages under new ids, but keeps their times. An answer may still grow. A message of which a part
  // is missing is another one, so that the whole message is imported once it can be read.
  const text = role === 'user' ? ` ${promptHash(steps)}` : '';
  const model = textIn(info, 'modelID');
  const provider = textIn(info, 'providerID');
  const answerer = role === 'assistant' ? { model, provider } : {};
  for (const [index, step] of steps.entries()) {
    const isLast = step === last;
    const node: HistoryNode = {
      ...{ id: String(nodes.length), parentId: nodes.at(-1)?.id ?? null, createdAt, role },
      ...{ parts: step.parts, ...answerer, ...(step.usage && { usage: step.usage }) },
    };
    if (created && !isDamaged) node.key = `${role} ${created.getTime()} ${index}${text}`;
    if (isLast && textIn(error, 'name') === 'MessageAbortedError') node.isInterrupted = true;
    const isEnded = timeIn(time, 'completed') !== undefined || Object.keys(error).length > 0;
    if (isLast && role === 'assistant' && !isEnded) node.isOpen = true;
    nodes.push(node);
    if (step.results.length === 0) continue;
    const results = { id: String(nodes.length), parentId: node.id, createdAt };
    nodes.push({
      ...{ ...results, role: 'tool', parts: step.results },
      ...(node.key !== undefined && { key: `results ${node.key}` }),
    });
  }
}

function promptHash(steps: readonly Step[]): string {
  const texts = steps
    .flatMap((step) => step.parts)
    .map((part) => {
      return part.type === 'text' && !part.isInjected ? part.text : '';
    });
  return hashOf(...texts);
}

function toSteps(parts: readonly JsonObject[]): Step[] {
  let step: Step = { parts: [], results: [] };
  const steps = [step];
  for (const part of parts) {
    const type = textIn(part, 'type') ?? 'part';
    if (type === 'step-start') {
      if (step.parts.length === 0) continue;
      step = { parts: [], results: [] };
      steps.push(step);
    } else if (type === 'step-finish') step.usage = usageIn(part) ?? step.usage;
    else if (type === 'tool') addTool(step, part);
    else step.parts.push(toPart(type, part));
  }
  return steps;
}

function toPart(type: string, part: JsonObject): HistoryPart {
  const text = textIn(part, 'text');
  if (type === 'text' && text !== undefined) {
    const isInjected = part.synthetic === true || part.ignored === true;
    return { type, text, ...(isInjected && { isInjected }) };
  }
  if (type === 'reasoning' && text !== undefined) return { type, text };
  const file = type === 'file' ? toFile(part) : null;
  return file ?? rawPart(type, withoutIds(part));
}

function toFile(part: JsonObject): HistoryPart | null {
  return fromDataUrl(textIn(part, 'url') ?? '', textIn(part, 'filename') ?? null);
}

function addTool(step: Step, part: JsonObject): void {
  const id = textIn(part, 'callID') ?? textIn(part, 'id') ?? '';
  const name = textIn(part, 'tool') ?? '';
  const state = recordIn(part, 'state');
  const status = textIn(state, 'status');
  step.parts.push(toCall(id, name, state.input));
  if (status !== 'completed' && status !== 'error') return;
  const { exit } = recordIn(state, 'metadata');
  // A command that failed counts as completed.
  const isError = status === 'error' || (typeof exit === 'number' && exit !== 0);
  const output = textIn(state, status === 'error' ? 'error' : 'output') ?? '';
  step.results.push({ type: 'tool-result', id, name, output, isError });
  for (const file of listIn(state, 'attachments').map(asRecord)) {
    step.results.push(toFile(file) ?? rawPart('attachment', withoutIds(file)));
  }
}

/** The database keeps the ids beside the parts. */
function withoutIds(part: JsonObject): JsonObject {
  return without(part, 'id', 'sessionID', 'messageID');
}

/** In opencode, no count includes another. */
function usageIn(record: JsonObject): HistoryNode['usage'] {
  const tokens = recordIn(record, 'tokens');
  const cache = recordIn(tokens, 'cache');
  const [cacheReadTokens, cacheWriteTokens] = [countIn(cache, 'read'), countIn(cache, 'write')];
  const reasoningTokens = countIn(tokens, 'reasoning');
  return usageOf({
    ...{ cacheReadTokens, cacheWriteTokens, reasoningTokens },
    inputTokens: countIn(tokens, 'input') + cacheReadTokens + cacheWriteTokens,
    outputTokens: countIn(tokens, 'output') + reasoningTokens,
  });
}
