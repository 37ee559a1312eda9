import { ConfigError, LimitReachedError, toUsd, type Session, type Store } from '@synapse/core';
import type { TurnBudget, TurnEvent, TurnSpending } from '@synapse/core/conversation';
import {
  estimateRequestTokens,
  estimateTokens,
  findPrice,
  type ProviderSetup,
} from '@synapse/core/models';
import { toDollars } from '@synapse/core/words';
import { ownModels, priceObstacle } from '../settings/own-models.ts';
import { spentInSession, spentToday } from '../usage/spending.ts';
import type { App } from '../wiring.ts';
import { CachedInput, readCachedInput } from './cached-input.ts';

/** Keeps questions within the cost limits of the user, by estimate while an answer streams. */
export interface CostLimit extends TurnBudget {
  /** Aborted with a LimitReachedError as soon as the answer costs too much. */
  signal: AbortSignal;
  /** Throws a LimitReachedError if the spending so far exceeds the limit. */
  check(): void;
  /** Throws a LimitReachedError if this cost exceeds the limit for the running turn. */
  checkSpent(spent: Pick<TurnSpending, 'costNanoUsd'>): void;
  /** Records the end of the running turn, and its cost. */
  settle(nanoUsd: number): void;
  /** Work outside the turn has cost this much. */
  add(nanoUsd: number): void;
  watch(event: TurnEvent): void;
}

interface Ceiling {
  usd: number;
  usedUsd: number;
  what: string;
  setting: string;
}

export interface LimitedTurn {
  /** Its calls from this store count, without imported ones. */
  session: Pick<Session, 'id'>;
  setup: Pick<ProviderSetup, 'name' | 'model'>;
  /** The cost of this run so far; each cost that the limit receives is added to it. */
  run?: RunSpending;
}

/** The cost of one run of the program, over all its sessions. */
export interface RunSpending {
  nanoUsd: number;
}

/** Rejects with a ConfigError if there is a limit but no price to calculate with. */
export async function limitCost(
  { settings, clock }: Pick<App, 'settings' | 'clock'>,
  { usage, sessions }: Pick<Store, 'usage' | 'sessions'>,
  { session, setup, run = { nanoUsd: 0 } }: LimitedTurn,
): Promise<CostLimit> {
  const { name, model } = setup;
  if (priceObstacle(setup, settings) !== undefined) throw unknownPrice(setup);
  const { max_cost_session, max_cost_day } = settings.limits;
  const used = { run: run.nanoUsd, session: 0, day: 0 };
  if (max_cost_session > 0) used.session = await spentInSession(usage, session.id);
  if (max_cost_day > 0) used.day = await spentToday(usage, clock.now());
  const ceilings = ceilingsOf(settings.limits, used);
  const own = ownModels(settings);
  const priceOf = (inputTokens: number) => findPrice(name, model, inputTokens, own);
  const cached =
    ceilings.length > 0
      ? await readCachedInput({ sessions }, session.id, setup)
      : new CachedInput();

  const controller = new AbortController();
  let settledUsd = 0;
  let spentUsd = 0;
  let inputTokens = 0;
  let cachedTokens = 0;
  let outputTokens = 0;
  let isOwnAnswer = true;
  const underWayUsd = () => {
    const price = priceOf(inputTokens);
    if (price === null) return 0;
    const input =
      (inputTokens - cachedTokens) * price.inputPerMillion +
      cachedTokens * price.cacheReadPerMillion;
    return (input + outputTokens * price.outputPerMillion) / 1e6;
  };
  const excess = () => {
    const usd = settledUsd + spentUsd + underWayUsd();
    const ceiling = ceilings.find((one) => one.usedUsd + usd > one.usd);
    return ceiling && tooExpensive(ceiling, ceiling.usedUsd + usd);
  };
  const check = () => {
    const error = excess();
    if (error) throw error;
  };
  const begin = (nanoUsd: number) => {
    spentUsd = toUsd(nanoUsd);
    inputTokens = 0;
    cachedTokens = 0;
    outputTokens = 0;
    isOwnAnswer = true;
  };
  const add = (nanoUsd: number) => {
    settledUsd += toUsd(nanoUsd);
    run.nanoUsd += nanoUsd;
  };

  return {
    signal: controller.signal,
    check,
    checkSpent({ costNanoUsd }) {
      begin(costNanoUsd);
      check();
    },
    add,
    settle(nanoUsd) {
      add(nanoUsd);
      begin(0);
    },
    checkRequest(request) {
      if (ceilings.length === 0) return;
      inputTokens = estimateRequestTokens(request);
      cachedTokens = cached.tokensOf(inputTokens, clock.now());
      check();
    },
    watch(event) {
      if (ceilings.length === 0) return;
      if (event.type === 'started' || event.type === 'turn-end') {
        isOwnAnswer = (event.provider ?? name) === name;
      }
      if (event.type === 'usage' || event.type === 'turn-end') {
        if (isOwnAnswer) cached.note(event.usage, clock.now());
      }
      if (event.type === 'usage') {
        inputTokens = event.usage.inputTokens;
        cachedTokens = event.usage.cacheReadTokens;
        outputTokens = Math.max(outputTokens, event.usage.outputTokens);
      }
      // Most providers count only at the end, so stopping the answer then would save nothing.
      if (!('text' in event) || event.type === 'notice') return;
      outputTokens += estimateTokens(event.text);
      const error = excess();
      if (error) controller.abort(error);
    },
  };
}

function ceilingsOf(
  limits: App['settings']['limits'],
  used: Record<'run' | 'session' | 'day', number>,
): Ceiling[] {
  return [
    {
      usd: limits.max_cost_run,
      usedUsd: toUsd(used.run),
      what: 'this run',
      setting: '--max-cost or limits.max_cost_run',
    },
    {
      usd: limits.max_cost_session,
      usedUsd: toUsd(used.session),
      what: 'this session',
      setting: 'limits.max_cost_session',
    },
    {
      usd: limits.max_cost_day,
      usedUsd: toUsd(used.day),
      what: 'today (UTC)',
      setting: 'limits.max_cost_day',
    },
  ].filter(({ usd }) => usd > 0);
}

function tooExpensive({ usd, what, setting }: Ceiling, estimateUsd: number): LimitReachedError {
  return new LimitReachedError(
    `The limit of ${toDollars(usd)} for ${what} is reached: the cost is about ${toDollars(estimateUsd)}.`,
    { hint: `The messages so far are stored. To continue, raise ${setting}.` },
  );
}

function unknownPrice({ name, model }: LimitedTurn['setup']): ConfigError {
  return new ConfigError(`No price is known for ${model}, so Synapse can't enforce a cost limit.`, {
    hint: `Set its price: [models."${name}/${model}"] with input = … and output = … (US dollars per million tokens).`,
  });
}
