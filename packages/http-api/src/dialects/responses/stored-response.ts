import type { JsonObject, Message, TurnEnd } from '@synapse/core';
import type { Run, RunOutcome } from '@synapse/core/server';
import type { AnswerHead } from '../answer-writer.ts';
import { queuedResponse, toRepeatedFields, toResponsesDocument } from './responses-document.ts';

const STATUS: Readonly<Record<RunOutcome, string>> = {
  complete: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'failed',
};

/**
 * A response as it is stored: `answer` is missing until the first piece of it was stored, and `run`
 * unless the response is in the background. The options of the request are not stored.
 */
export function toStoredResponse(
  answerId: string,
  answer: Message | undefined,
  run: Run | undefined,
): JsonObject {
  const request = toRepeatedFields({ background: run !== undefined });
  const createdAt = answer?.createdAt ?? run?.startedAt ?? new Date(0);
  const head: AnswerHead = { id: answerId, model: modelOf(answer), createdAt };
  const status = run?.outcome === null ? 'in_progress' : run && STATUS[run.outcome];
  if (!answer) return { ...queuedResponse(head, request), status: runStatus(status, 'queued') };
  const { usage, finishReason, provider, model, error } = answer;
  const turnEnd: TurnEnd = {
    ...{ type: 'turn-end', usage, model: model ?? '' },
    ...(provider !== null && { provider }),
    finishReason: finishReason ?? { unified: 'unknown', raw: null },
  };
  const document = toResponsesDocument(head, request, { parts: answer.parts, turnEnd });
  if (answer.status === 'complete') return document;
  return {
    ...document,
    status: runStatus(status, answer.status === 'running' ? 'in_progress' : 'failed'),
    error: error && { code: error.code.toLowerCase(), message: error.message },
  };
}

/** A run may have ended a moment before or after its message. */
function runStatus(status: string | undefined, otherwise: string): string {
  return status === undefined || status === 'completed' ? otherwise : status;
}

function modelOf(answer: Message | undefined): string {
  if (!answer) return '';
  const { askedProvider, askedModel, provider, model } = answer;
  return [askedProvider ?? provider, askedModel ?? model].filter((name) => name !== null).join('/');
}
