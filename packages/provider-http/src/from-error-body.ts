import { clipText, ProviderError, type ProviderFailure } from '@synapse/core';
import { classifyFailure } from './classify-failure.ts';
import type { ProviderContext } from './provider-context.ts';
import { redact } from './redact.ts';
import { toRecord } from './to-record.ts';

const SHOWN_LENGTH = 400;

const SENTENCES: Record<ProviderFailure, string> = {
  auth: 'did not accept the key',
  'rate-limit': 'asks to slow down',
  quota: 'reports that the credit or quota is used up',
  overloaded: 'cannot answer at the moment',
  'context-length': 'says that the conversation is too long for the model',
  refused: 'refused the request',
  network: 'cannot be reached',
  timeout: 'took too long',
  'invalid-request': 'did not understand the request',
  'invalid-response': 'gave an answer that cannot be understood',
  'response-too-large': 'said more than is kept',
  'model-not-found': 'does not know the model',
  'no-tools': 'takes no tools for this model',
};

const LATER = 'Ask again later, or another model: --model, or "fallback" in the settings.';

/** The commands are those of the provider that is asked. */
const HINTS: Partial<Record<ProviderFailure, string>> = {
  auth: 'synapse keys list says where its key is from, synapse keys set <provider> keeps another. It has to be one that may use the model.',
  'rate-limit': LATER,
  overloaded: LATER,
  quota: 'Look at the plan and the credit of the account, or use another provider.',
  'context-length':
    'synapse context compact <session> and synapse context reset <session> make requests shorter; a model with a larger window takes more.',
  'model-not-found': 'synapse models --provider <provider> lists those that it has.',
  'no-tools': 'Use another model, or ask without tools.',
  refused: 'Say it in other words, or use another model.',
};

export interface ErrorBody {
  /** What the server sent: parsed JSON of any shape, or text. */
  body: unknown;
  status?: number | undefined;
  retryAfterMs?: number | undefined;
}

/** A failure that the server itself reported, by status or in the middle of a stream. */
export function fromErrorBody(error: ErrorBody, context: ProviderContext): ProviderError {
  const { labels, message, code } = describe(error.body);
  const status = error.status ?? code;
  const { reason, isRetryable } = classifyFailure({
    status,
    labels,
    message,
    hasRetryAfter: error.retryAfterMs !== undefined,
  });
  const shownStatus = status === undefined ? '' : ` (${status})`;
  const shownMessage = message === '' ? '.' : `: ${redact(message, context.secrets)}`;
  return new ProviderError(
    clipText(`${context.provider} ${SENTENCES[reason]}${shownStatus}${shownMessage}`, SHOWN_LENGTH),
    {
      provider: context.provider,
      reason,
      status,
      retryAfterMs: error.retryAfterMs,
      isRetryable,
      hint: HINTS[reason]?.replaceAll('<provider>', context.provider),
    },
  );
}

interface Description {
  labels: string;
  message: string;
  /** Some routers put the status of the server behind them into the body. */
  code: number | undefined;
}

function describe(body: unknown): Description {
  const outer = toRecord(Array.isArray(body) ? body[0] : body);
  const inner = toRecord(outer.error);
  const text = [inner.message, outer.error, outer.message, outer.detail, body].find(
    (candidate) => typeof candidate === 'string',
  );
  const labels = [inner.type, inner.code, inner.status, outer.type, outer.code];
  const code = [inner.code, outer.code].map(Number).find((number) => isStatus(number));
  return {
    labels: labels
      .filter((label) => typeof label === 'string')
      .join(' ')
      .toLowerCase(),
    message: text === undefined || isMarkup(text) ? '' : text.trim(),
    code,
  };
}

function isStatus(value: number): boolean {
  return Number.isInteger(value) && value >= 400 && value < 600;
}

/** The error page of some gateway tells the reader nothing. */
function isMarkup(text: string): boolean {
  return text.trimStart().startsWith('<');
}
