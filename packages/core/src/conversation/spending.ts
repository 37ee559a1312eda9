import type { NewMessage } from '../session/message.ts';
import { addUsage } from '../session/usage.ts';
import type { TurnSpending } from './turn-options.ts';

export const nothingSpent: Readonly<TurnSpending> = {
  usage: null,
  costNanoUsd: 0,
  unpricedCount: 0,
};

export function addSpending(
  spent: TurnSpending,
  { usage, cost }: Pick<NewMessage, 'usage' | 'cost'>,
): TurnSpending {
  return {
    usage: spent.usage && usage ? addUsage(spent.usage, usage) : (usage ?? spent.usage),
    costNanoUsd: spent.costNanoUsd + (cost?.nanoUsd ?? 0),
    unpricedCount: spent.unpricedCount + (cost === null ? 1 : 0),
  };
}
