import { findContextTokens, type PriceOverrides } from '@synapse/core';
import type { Conversation } from './conversation.ts';

export interface ContextMeter {
  /** Of the last request and its answer: about what the next one begins with. */
  tokens: number;
  /** Null where it is unknown. */
  limit: number | null;
}

export async function contextOf(
  conversation: Conversation,
  prices: PriceOverrides,
): Promise<ContextMeter> {
  const { name, model } = conversation.model.setup;
  const messages = await conversation.newest(10);
  const usage = messages.findLast((message) => message.usage !== null)?.usage;
  return {
    tokens: usage ? usage.inputTokens + usage.outputTokens : 0,
    limit: findContextTokens(name, model, prices),
  };
}
