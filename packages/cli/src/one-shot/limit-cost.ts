import {
  ConfigError,
  estimateRequestTokens,
  estimateTokens,
  findPrice,
  LimitReachedError,
  toUsd,
  type ModelRequest,
  type ProviderSetup,
  type Session,
  type TurnEvent,
} from '@synapse/core';
import type { App } from '../wiring.ts';
import { toDollars } from '../render/numbers.ts';

/** Keeps a run within the money that the person allows, by estimate while an answer comes. */
export interface CostLimit {
  /** Aborted with a LimitReachedError as soon as the answer costs too much. */
  signal: AbortSignal;
  /** Throws a LimitReachedError where so much was too much already. */
  checkSpent(nanoUsd: number): void;
  /** Throws a LimitReachedError where only asking would cost too much. */
  checkRequest(request: ModelRequest): void;
  watch(event: TurnEvent): void;
}

interface Ceiling {
  usd: number;
  usedUsd: number;
  what: string;
  setting: string;
}

/**
 * Throws a ConfigError where there is a limit but no price to keep it by.
 */
export function limitCost(
  { settings }: Pick<App, 'settings'>,
  session: Pick<Session, 'costNanoUsd'>,
  { name, model }: Pick<ProviderSetup, 'name' | 'model'>,
): CostLimit {
  const ceilings = ceilingsOf(settings.limits, session);
  const priceOf = (inputTokens: number) => findPrice(name, model, inputTokens, settings.prices);
  if (ceilings.length > 0 && priceOf(0) === null) throw unknownPrice(name, model);

  const controller = new AbortController();
  let earlierUsd = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  const underWayUsd = () => {
    const price = priceOf(inputTokens);
    if (price === null) return 0;
    return (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1e6;
  };
  const excess = () => {
    const usd = earlierUsd + underWayUsd();
    const ceiling = ceilings.find((one) => one.usedUsd + usd > one.usd);
    return ceiling && tooDear(ceiling, ceiling.usedUsd + usd);
  };

  return {
    signal: controller.signal,
    checkSpent(nanoUsd) {
      earlierUsd = toUsd(nanoUsd);
      inputTokens = 0;
      outputTokens = 0;
      const error = excess();
      if (error) throw error;
    },
    /** Throws a LimitReachedError where only asking would cost too much. */
    checkRequest(request) {
      if (ceilings.length === 0) return;
      inputTokens = estimateRequestTokens(request);
      const error = excess();
      if (error) throw error;
    },
    watch(event) {
      if (ceilings.length === 0 || !('text' in event) || event.type === 'notice') return;
      outputTokens += estimateTokens(event.text);
      const error = excess();
      if (error) controller.abort(error);
    },
  };
}

function ceilingsOf(
  limits: App['settings']['limits'],
  { costNanoUsd }: Pick<Session, 'costNanoUsd'>,
): Ceiling[] {
  return [
    {
      usd: limits.max_cost_run,
      usedUsd: 0,
      what: 'this run',
      setting: '--max-cost or limits.max_cost_run',
    },
    {
      usd: limits.max_cost_session,
      usedUsd: toUsd(costNanoUsd),
      what: 'this session',
      setting: 'limits.max_cost_session',
    },
  ].filter(({ usd }) => usd > 0);
}

function tooDear({ usd, what, setting }: Ceiling, estimateUsd: number): LimitReachedError {
  return new LimitReachedError(
    `The limit of ${toDollars(usd)} for ${what} is reached: it comes to about ${toDollars(estimateUsd)}.`,
    { hint: `What was said so far is kept. ${setting} allows more.` },
  );
}

function unknownPrice(provider: string, model: string): ConfigError {
  return new ConfigError(`Nobody knows what ${model} costs, so no cost limit can be kept.`, {
    hint: `Give its price: [prices."${provider}/${model}"] with input = … and output = … (US dollars per million tokens).`,
  });
}
