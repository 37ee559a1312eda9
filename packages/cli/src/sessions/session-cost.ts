import { toUsd, type Session } from '@synapse/core';
import { toDollars } from '@synapse/core/words';

/** What it cost: unknown where no price is known, "≥" where some are not. */
export function toSessionCost({
  costNanoUsd,
  unpricedCount,
}: Pick<Session, 'costNanoUsd' | 'unpricedCount'>): string {
  if (unpricedCount === 0) return toDollars(toUsd(costNanoUsd));
  return costNanoUsd === 0 ? toDollars(null) : `≥${toDollars(toUsd(costNanoUsd))}`;
}
