import { type Message, type Session, toUsd, type Price, type Usage } from '@synapse/core';
import { messageFields, sessionFields } from '@synapse/core/store-kit';
import { partToJson } from './part-json.ts';

/**
 * A session as every JSON output and every export shows it: its fields in the order of their table.
 * Without its messages.
 */
export function sessionToJson(session: Session): object {
  const { inputTokens, outputTokens, costNanoUsd, unpricedCount } = session;
  const json: Record<string, unknown> = {};
  for (const name of Object.keys(sessionFields) as (keyof Session)[]) {
    if (name === 'costNanoUsd') {
      json.totalTokens = inputTokens + outputTokens;
      json.costUsd = unpricedCount > 0 && costNanoUsd === 0 ? null : toUsd(costNanoUsd);
    } else json[name] = session[name];
  }
  return json;
}

/** The same for a message; `cost` has the price from which `costUsd` was calculated. */
export function messageToJson(message: Message): object {
  const { parts, usage, cost, finishReason, error } = message;
  const json: Record<string, unknown> = {};
  for (const name of Object.keys(messageFields) as (keyof Message)[]) {
    switch (name) {
      case 'sessionId':
        break;
      case 'parts':
        json.parts = parts.map(partToJson);
        break;
      case 'usage':
        json.usage = usage && usageToJson(usage);
        break;
      case 'cost':
        json.costUsd = cost && toUsd(cost.nanoUsd);
        json.cost = cost && {
          nanoUsd: cost.nanoUsd,
          price: cost.price === 'reported' ? cost.price : priceToJson(cost.price),
        };
        break;
      case 'finishReason':
        json.finishReason = finishReason?.unified ?? null;
        json.rawFinishReason = finishReason?.raw ?? null;
        break;
      case 'error':
        json.error = error && { code: error.code, message: error.message };
        break;
      default:
        json[name] = message[name];
    }
  }
  return json;
}

// Field by field, so that every store exports the same text.
function usageToJson(usage: Usage) {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    reasoningTokens: usage.reasoningTokens,
    estimated: usage.estimated,
  };
}

function priceToJson(price: Price) {
  return {
    inputPerMillion: price.inputPerMillion,
    outputPerMillion: price.outputPerMillion,
    cacheReadPerMillion: price.cacheReadPerMillion,
    cacheWritePerMillion: price.cacheWritePerMillion,
  };
}
