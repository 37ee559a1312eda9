import { addUsage, type TurnSpending } from '@synapse/core';
import type { Answer } from './answer.ts';

/** The later answer, with what both have cost; saved where both are. */
export function addAnswers(first: Answer, second: Answer): Answer {
  return {
    ...second,
    isSaved: first.isSaved && second.isSaved,
    spent: addSpending(first.spent, second.spent),
  };
}

function addSpending(a: TurnSpending, b: TurnSpending): TurnSpending {
  return {
    usage: a.usage && b.usage ? addUsage(a.usage, b.usage) : (a.usage ?? b.usage),
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    unpricedCount: a.unpricedCount + b.unpricedCount,
  };
}
