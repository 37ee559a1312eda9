import type { JsonObject, JsonValue, Usage } from '@synapse/core';
import { rawPart } from '../content-blocks.ts';
import type { HistoryPart } from '../history.ts';
import { asRecord, countIn, listIn, recordIn, textIn, usageOf, without } from '../json-values.ts';
import { plainText } from '../message-tree.ts';
import { fromDataUrl, toCall } from '../tool-values.ts';

export interface AtifStep {
  number: number;
  role: 'user' | 'agent' | 'system';
  record: JsonObject;
  /** Whether Synapse wrote it. */
  isOwn: boolean;
  /** The results that belong behind it. */
  results: HistoryPart[];
}

/**
 * Puts each result behind the step that shows it. Some writers show it before the call: such a result goes to the
 * step of its call.
 */
export function addResults(steps: readonly AtifStep[]): void {
  const names = new Map<string, string>();
  const callers = new Map<string, AtifStep>();
  for (const step of steps) {
    for (const { id, name } of callsOf(step)) {
      if (callers.has(id)) continue;
      names.set(id, name);
      callers.set(id, step);
    }
  }
  for (const step of steps) {
    const calls = callsOf(step);
    const results = listIn(recordIn(step.record, 'observation'), 'results').map(asRecord);
    for (const { id, name } of calls) names.set(id, name);
    const isInOrder =
      results.length === calls.length &&
      results.every((one) => idOf(one) === undefined && nameOf(one) === undefined);
    for (const [index, result] of results.entries()) {
      const id = idOf(result) ?? (isInOrder ? calls[index]?.id : undefined);
      const caller = callers.get(id ?? '');
      const owner = caller && caller.number > step.number ? caller : step;
      const made = id ?? `step ${step.number} result ${index + 1}`;
      owner.results.push(...toResult(result, made, names.get(made) ?? nameOf(result) ?? ''));
    }
  }
}

/** What a step shows, without results. */
export function partsOfStep(step: AtifStep): HistoryPart[] {
  const { record, role, isOwn } = step;
  const parts: HistoryPart[] = [];
  const reasoning = textIn(record, 'reasoning_content') ?? textIn(record, 'reasoning');
  if (reasoning) parts.push({ type: 'reasoning', text: reasoning });
  for (const part of toContent(record.message ?? record.content ?? '')) {
    const isInjected = role === 'system' && part.type === 'text';
    parts.push(isInjected ? { ...part, isInjected } : part);
  }
  for (const { id, name, input, extra } of callsOf(step)) {
    parts.push(toCall(id, name, input));
    if (Object.keys(extra).length > 0)
      parts.push(rawPart('tool_call', { tool_call_id: id, extra }));
  }
  const extra = recordIn(record, 'extra');
  const { error } = extra;
  if (!isOwn && Object.keys(extra).length > 0) parts.push(rawPart('extra', extra));
  if (isOwn && error !== undefined) parts.push(rawPart('error', error));
  const figures = unknownFigures(record);
  if (Object.keys(figures).length > 0) parts.push(rawPart('metrics', figures));
  return parts;
}

export function stepUsage(record: JsonObject): Usage | undefined {
  // Another trajectory counts the tokens of a step that was copied from it.
  if (record.is_copied_context === true) return undefined;
  const metrics = recordIn(record, 'metrics');
  const extra = recordIn(metrics, 'extra');
  const usage = usageOf({
    inputTokens: countIn(metrics, 'prompt_tokens') || countIn(metrics, 'input_tokens'),
    outputTokens: countIn(metrics, 'completion_tokens') || countIn(metrics, 'output_tokens'),
    cacheReadTokens: countIn(metrics, 'cached_tokens') || countIn(extra, 'cache_read_tokens'),
    cacheWriteTokens: countIn(extra, 'cache_write_tokens'),
    reasoningTokens: countIn(extra, 'reasoning_tokens'),
  });
  return usage && { ...usage, estimated: extra.is_estimated === true };
}

const KNOWN_FIGURE =
  /^((prompt|completion|cached|input|output|total|cache_read|cache_write|reasoning)_tokens|cost_usd|is_estimated|extra)$/;

/** What has no place in the usage of a message, such as probabilities. */
function unknownFigures(record: JsonObject): JsonObject {
  const metrics = recordIn(record, 'metrics');
  const entries = [...Object.entries(metrics), ...Object.entries(recordIn(metrics, 'extra'))];
  return Object.fromEntries(entries.filter(([name]) => !KNOWN_FIGURE.test(name)));
}

interface Call {
  id: string;
  name: string;
  input: JsonValue | undefined;
  extra: JsonObject;
}

function callsOf({ record, number }: AtifStep): Call[] {
  return listIn(record, 'tool_calls').map((value, index) => {
    const call = asRecord(value);
    const inner = recordIn(call, 'function');
    return {
      id: textIn(call, 'tool_call_id') ?? textIn(call, 'id') ?? `step ${number} call ${index + 1}`,
      name: textIn(call, 'function_name') ?? textIn(call, 'name') ?? textIn(inner, 'name') ?? '',
      input: call.arguments ?? call.input ?? inner.arguments,
      extra: recordIn(call, 'extra'),
    };
  });
}

function idOf(result: JsonObject): string | undefined {
  return textIn(result, 'source_call_id') ?? textIn(result, 'tool_call_id');
}

/** The name of a tool whose call is missing. */
function nameOf(result: JsonObject): string | undefined {
  return textIn(recordIn(result, 'extra'), 'function_name');
}

/** A result, with what its text cannot hold behind it. */
function toResult(result: JsonObject, id: string, name: string): HistoryPart[] {
  const contents = toContent(result.content ?? result.output ?? '');
  const extra = recordIn(result, 'extra');
  const isError = extra.is_error === true;
  const others = without(extra, 'is_error', 'function_name');
  const reference = result.subagent_trajectory_ref ?? null;
  return [
    { type: 'tool-result', id, name, output: plainText(contents), isError },
    ...contents.filter(({ type }) => type !== 'text'),
    ...(reference === null ? [] : [rawPart('subagent_trajectory_ref', reference)]),
    ...(Object.keys(others).length > 0 ? [rawPart('extra', others)] : []),
  ];
}

function toContent(content: JsonValue): HistoryPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [{ type: 'text', text: JSON.stringify(content) }];
  return content.map((value) => {
    const part = asRecord(value);
    const text = typeof value === 'string' ? value : textIn(part, 'text');
    if (text !== undefined) return { type: 'text', text };
    const image = fromDataUrl(textIn(recordIn(part, 'source'), 'path') ?? '', null);
    return image ?? rawPart(textIn(part, 'type') ?? 'part', value);
  });
}
