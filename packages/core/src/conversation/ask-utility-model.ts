import { findFacts } from '../models/find-model.ts';
import { thinks } from '../models/known-model.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { FinishReason, NewMessage } from '../session/message.ts';
import { textOf } from '../session/part.ts';
import type { Prices } from '../usage/prices.ts';
import { reportedCost } from '../usage/cost.ts';
import { estimateUsage } from '../usage/estimate-usage.ts';
import { MessageCollector } from './collect-message.ts';

// Low enough to bound the cost, and more than a model needs to think about such a question.
const THINKING_TOKENS = 16_000;

/** A model for work outside the conversation, such as titles and summaries. */
export interface UtilityModel {
  provider: ModelProvider;
  model: string;
  prices: Prices;
  clock: Pick<Clock, 'monotonicMs'>;
}

export interface UtilityQuestion {
  systemPrompt: string;
  text: string;
  /** The longest answer in tokens, without thoughts. */
  answerTokens: number;
}

export interface UtilityAnswer {
  text: string;
  finishReason: FinishReason | null;
  /** The fields for the message that stores the answer, even if it failed. */
  figures: Pick<NewMessage, 'provider' | 'model' | 'usage' | 'cost' | 'latencyMs' | 'finishReason'>;
  /** The failure that ended it early. */
  error: unknown;
}

/** Asks once and without tools. Never rejects, because a paid answer has to be counted. */
export async function askUtilityModel(
  { provider, model, prices, clock }: UtilityModel,
  { systemPrompt, text, answerTokens }: UtilityQuestion,
  signal: AbortSignal,
): Promise<UtilityAnswer> {
  const request: ModelRequest = {
    model,
    systemPrompt,
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    tools: [],
    maxOutputTokens: outputRoom(provider.name, model, answerTokens),
    temperature: null,
    outputSchema: null,
    cacheKey: null,
  };
  const collector = new MessageCollector();
  const startedMs = clock.monotonicMs();
  let error: unknown = null;
  try {
    for await (const event of provider.stream(request, signal)) collector.add(event);
  } catch (thrown) {
    error = thrown;
  }
  const { turnEnd, answerer } = collector;
  const parts = collector.parts();
  const guess = collector.isPaid ? estimateUsage(request, parts, collector.usage) : null;
  const usage = turnEnd?.usage ?? guess;
  const by = { provider: answerer?.provider ?? provider.name, model: answerer?.model ?? model };
  const finishReason = turnEnd?.finishReason ?? null;
  return {
    text: textOf(parts).trim(),
    finishReason,
    error,
    figures: {
      ...by,
      usage,
      cost:
        reportedCost(turnEnd?.costNanoUsd) ??
        (usage && prices.costOf(usage, by.provider, by.model)),
      latencyMs: Math.round(clock.monotonicMs() - startedMs),
      finishReason,
    },
  };
}

/**
 * Providers count a model's thoughts against the limit, so a tight limit leaves no room for the
 * answer. An unknown model may think, too, and gets no limit.
 */
function outputRoom(provider: string, model: string, answerTokens: number): number | null {
  const facts = findFacts(provider, model);
  switch (thinks(facts)) {
    case null:
      return null;
    case false:
      return answerTokens;
    case true:
      return Math.min(answerTokens + THINKING_TOKENS, facts.maxOutputTokens ?? Infinity);
  }
}
