import type { JsonObject, JsonValue, Usage } from '@synapse/core';
import { asRecord, countIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { parseJson } from '../tool-values.ts';

/** A request to the model, which Cline keeps only in the file of what it showed. */
export interface ClineRequest {
  startedAt: Date | undefined;
  usage: Usage | undefined;
  isCancelled: boolean;
}

/**
 * The requests of a task, by the place of the answer in its messages. Newer versions keep the place of the last message
 * before a request; in older ones, the requests and the answers are in the same order.
 */
export function requestsOf(
  shown: readonly JsonObject[],
  messages: readonly JsonValue[],
): Map<number, ClineRequest> {
  const answers = [...messages.keys()].filter((index) => {
    return textIn(asRecord(messages[index]), 'role') === 'assistant';
  });
  // The answer to the last request may be on its way.
  answers.push(messages.length);
  const requests = new Map<number, ClineRequest>();
  let next = 0;
  for (const record of shown) {
    if (textIn(record, 'say') !== 'api_req_started') continue;
    const before = record.conversationHistoryIndex;
    if (typeof before === 'number') {
      while (next < answers.length - 1 && (answers[next] ?? 0) <= before) next += 1;
    }
    const place = answers[Math.min(next, answers.length - 1)] ?? 0;
    requests.set(place, merge(requests.get(place), toRequest(record)));
    if (typeof before !== 'number') next += 1;
  }
  return requests;
}

/** The figures of a request, which are JSON in its text. */
export function toRequest(record: JsonObject): ClineRequest {
  const figures = asRecord(parseJson(textIn(record, 'text') ?? ''));
  const cacheReadTokens = countIn(figures, 'cacheReads');
  const cacheWriteTokens = countIn(figures, 'cacheWrites');
  // The figures of other protocols count cached tokens as input already.
  const isWithout = textIn(figures, 'apiProtocol') !== 'openai';
  return {
    startedAt: timeIn(record, 'ts'),
    usage: usageOf({
      ...{ cacheReadTokens, cacheWriteTokens, outputTokens: countIn(figures, 'tokensOut') },
      inputTokens:
        countIn(figures, 'tokensIn') + (isWithout ? cacheReadTokens + cacheWriteTokens : 0),
    }),
    isCancelled: textIn(figures, 'cancelReason') !== undefined,
  };
}

/** A request that failed and was sent again has one answer. */
function merge(first: ClineRequest | undefined, second: ClineRequest): ClineRequest {
  const usage = first?.usage;
  if (!first || !usage || !second.usage) {
    return {
      ...second,
      startedAt: first?.startedAt ?? second.startedAt,
      usage: second.usage ?? usage,
    };
  }
  const names = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
  const sums = Object.fromEntries(
    names.map((name) => [name, usage[name] + (second.usage?.[name] ?? 0)]),
  );
  return { ...second, startedAt: first.startedAt, usage: usageOf(sums) };
}
