import type { Clock } from '../ports/clock.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { FinishReason, NewMessage } from '../session/message.ts';
import { textOf } from '../session/part.ts';
import type { Cost, Usage } from '../session/usage.ts';
import { estimateUsage } from '../usage/estimate-usage.ts';
import { MessageCollector } from './collect-message.ts';

/** A model that is asked for something beside the conversation. */
export interface AsideModel {
  provider: ModelProvider;
  model: string;
  costOf: (usage: Usage, provider: string, model: string) => Cost | null;
  clock: Pick<Clock, 'monotonicMs'>;
}

export interface AsideQuestion {
  systemPrompt: string;
  text: string;
  maxOutputTokens: number;
}

export interface AsideAnswer {
  text: string;
  finishReason: FinishReason | null;
  /** What the message that keeps the answer has to say of it; also where it failed. */
  figures: Pick<NewMessage, 'provider' | 'model' | 'usage' | 'cost' | 'latencyMs' | 'finishReason'>;
  /** What ended it before its time. */
  error: unknown;
}

/** Asks once and without tools. Never rejects: what was paid for has to be counted. */
export async function askAside(
  { provider, model, costOf, clock }: AsideModel,
  { systemPrompt, text, maxOutputTokens }: AsideQuestion,
  signal: AbortSignal,
): Promise<AsideAnswer> {
  const request: ModelRequest = {
    model,
    systemPrompt,
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
    tools: [],
    maxOutputTokens,
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
  const { turnEnd } = collector;
  const parts = collector.parts();
  const guess = collector.sawVisible ? estimateUsage(request, parts) : null;
  const usage = turnEnd?.usage ?? guess;
  const by = { provider: turnEnd?.provider ?? provider.name, model: turnEnd?.model ?? model };
  const finishReason = turnEnd?.finishReason ?? null;
  return {
    text: textOf(parts).trim(),
    finishReason,
    error,
    figures: {
      ...by,
      usage,
      cost: usage && costOf(usage, by.provider, by.model),
      latencyMs: Math.round(clock.monotonicMs() - startedMs),
      finishReason,
    },
  };
}
