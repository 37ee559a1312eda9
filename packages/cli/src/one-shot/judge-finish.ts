import type { FinishReason } from '@synapse/core';
import type { ExitCode } from '../exit-codes.ts';

export interface FinishVerdict {
  exitCode: ExitCode;
  /** What the person should know of the end; null where it is as it should be. */
  note: string | null;
}

const AS_IT_SHOULD: FinishVerdict = { exitCode: 0, note: null };

/** What a script is told of an answer that came, but not as one would wish. */
export function judgeFinish(
  finishReason: FinishReason | null,
  maxOutputTokens: number | null,
): FinishVerdict {
  switch (finishReason?.unified) {
    case 'refusal':
      return { exitCode: 77, note: 'the model refused to answer' };
    case 'content-filter':
      return { exitCode: 77, note: "the provider's filter ended the answer" };
    case 'length':
      return maxOutputTokens === null
        ? { exitCode: 0, note: 'the answer was cut off: the model says no more at once' }
        : { exitCode: 72, note: `the answer was cut off at max_tokens = ${maxOutputTokens}` };
    default:
      return AS_IT_SHOULD;
  }
}
