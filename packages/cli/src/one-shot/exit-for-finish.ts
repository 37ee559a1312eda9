import { textOf, type NewMessage } from '@synapse/core';
import type { ExitCode } from '../exit-codes.ts';

export interface FinishVerdict {
  exitCode: ExitCode;
  /** A notice about the end of the answer; null for a normal end. */
  note: string | null;
}

const NORMAL_FINISH: FinishVerdict = { exitCode: 0, note: null };

/** The exit code and the notice for an answer that did not end normally. */
export function exitForFinish(
  { finishReason, parts }: Pick<NewMessage, 'finishReason' | 'parts'>,
  maxOutputTokens: number | null,
): FinishVerdict {
  const reason = finishReason?.unified ?? null;
  switch (reason) {
    case 'refusal':
      return { exitCode: 77, note: 'the model refused to answer' };
    case 'content-filter':
      return { exitCode: 77, note: "the provider's filter ended the answer" };
    case 'length':
      if (maxOutputTokens !== null) {
        return { exitCode: 72, note: `the answer was cut off at max_tokens = ${maxOutputTokens}` };
      }
      break;
    default:
  }
  if (textOf(parts).trim() === '') return { exitCode: 65, note: noTextNote(reason) };
  return reason === 'length'
    ? { exitCode: 0, note: 'the answer was cut off: it reached the output limit of the model' }
    : NORMAL_FINISH;
}

/** Explains why no answer is shown. */
export function noTextNote(reason: string | null): string {
  return `the model returned no text (finish reason ${reason ?? 'unknown'})`;
}
