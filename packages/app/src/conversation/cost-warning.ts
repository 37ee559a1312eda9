import type { Session } from '@synapse/core';
import { reportContext, type SessionContext } from '@synapse/core/conversation';
import { findPrice } from '@synapse/core/models';
import { toDollars, toShortNumber } from '@synapse/core/words';
import { ownModels } from '../settings/own-models.ts';
import type { App } from '../wiring.ts';
import { CACHED_MS } from './cached-input.ts';

/** The cost of continuing a long session, if it is above the threshold of the settings. */
export async function costWarning(
  { settings, clock }: Pick<App, 'settings' | 'clock'>,
  session: Session,
  context: SessionContext,
): Promise<string | undefined> {
  const { warn_cost: limitUsd } = settings.context;
  const { provider, model } = context.options.answerer;
  const price = findPrice(provider, model, 0, ownModels(settings));
  if (limitUsd === 0 || price === null) return undefined;
  // Input that the provider has in its cache costs a tenth.
  if (clock.now().getTime() - session.updatedAt.getTime() < CACHED_MS) return undefined;
  const usdFor = (tokens: number) => (tokens * price.inputPerMillion) / 1e6;
  // No request is larger than all calls together. The figures of a fork lack the calls that it
  // copied.
  const isWhole = session.forkedFrom === null;
  if (isWhole && usdFor(session.inputTokens + session.outputTokens) <= limitUsd) return undefined;
  const { totalTokens } = await reportContext(context);
  if (usdFor(totalTokens) <= limitUsd) return undefined;
  const reference = session.handle ?? session.id;
  return `the next request of this session holds about ${toShortNumber(totalTokens)} tokens: ${toDollars(usdFor(totalTokens))} before the answer; details: synapse context ${reference}; to shrink it: synapse context compact ${reference}`;
}
