import {
  addUsage,
  InvalidDataError,
  LimitReachedError,
  NotPermittedError,
  textOf,
  type Part,
} from '@synapse/core';
import type { TurnSpending } from '@synapse/core/conversation';
import type { AnswerSchema } from './answer-schema.ts';
import type { Answer } from './answer.ts';

export interface FitSchema {
  schema: AnswerSchema;
  ask: (parts: Part[]) => Promise<Answer>;
  notice: (text: string) => Promise<void>;
}

/**
 * The answer with its data; an answer that does not fit is returned to the model once, with the
 * errors.
 */
export async function fitSchema(
  first: Answer,
  { schema, ask, notice }: FitSchema,
): Promise<Answer> {
  const checked = check(schema, first);
  if ('data' in checked) return { ...first, data: checked.data };

  await notice(`the answer does not fit the schema (${checked.problems.join('; ')}): asking again`);
  const text = `Your answer does not fit the JSON Schema that was asked for:\n${list(checked.problems)}\n\nAnswer once more, with nothing but JSON that fits it.`;
  const second = await ask([{ type: 'text', text }]);
  const checkedAgain = check(schema, second);
  if ('data' in checkedAgain) return { ...addAnswers(first, second), data: checkedAgain.data };
  throw new InvalidDataError(
    `The answer does not fit the schema, even at the second try:\n${list(checkedAgain.problems)}`,
    { hint: second.isSaved ? 'Both answers are kept: synapse sessions show last' : undefined },
  );
}

function check(schema: AnswerSchema, { message }: Answer): ReturnType<AnswerSchema['check']> {
  switch (message.finishReason?.unified) {
    case 'refusal':
    case 'content-filter':
      throw new NotPermittedError('The model refused to answer.');
    case 'length':
      throw new LimitReachedError('The answer was cut off at its maximum length.', {
        hint: 'Raise max_tokens of the provider.',
      });
    default:
      return schema.check(textOf(message.parts));
  }
}

function list(problems: readonly string[]): string {
  return problems.map((problem) => `- ${problem}`).join('\n');
}

/** The later answer, with the cost of both; saved if both are. */
function addAnswers(first: Answer, second: Answer): Answer {
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
