import { clipText, ProviderError, type ProviderFailure } from '@synapse/core';
import { classifyFailure } from './classify-failure.ts';
import type { ProviderContext } from './provider-context.ts';
import { redact } from './redact.ts';
import { readErrorBody } from './read-error-body.ts';

const SHOWN_LENGTH = 400;

/** Follows the name of the provider, or a status: "openai returned 401: it …". */
const SENTENCES: Record<ProviderFailure, string> = {
  auth: 'did not accept the key',
  'rate-limit': 'asks to slow down',
  quota: 'reports that the credit or quota is used up',
  overloaded: 'cannot answer at the moment',
  'context-length': 'reports that the session is too long for the model',
  refused: 'refused the request',
  network: 'cannot be reached',
  timeout: 'took too long',
  'invalid-request': 'did not accept the request',
  'invalid-response': 'gave an answer that Synapse cannot read',
  'response-too-large': 'sent more than Synapse keeps',
  'model-not-found': 'does not have the model',
  'no-tools': 'does not support tools for this model',
  'replay-refused': 'no longer accepts its own earlier reasoning',
};

const CHECK_ADDRESS =
  'synapse providers list shows its base URL, synapse models --provider <provider> lists its models.';

/** Where the status says more than the kind of failure. */
const BY_STATUS: Record<string, { cause: string; hint?: string }> = {
  'auth 403': {
    cause: 'the key has no permission for this',
    hint: 'Allow the key to use this model in the account of the provider, or use another model or key: synapse keys set <provider>',
  },
  'invalid-request 404': { cause: 'check the model name and the base URL', hint: CHECK_ADDRESS },
  'invalid-request 405': { cause: 'check the base URL', hint: CHECK_ADDRESS },
  'context-length 413': {
    cause: 'the request is too large',
    hint: 'Attach fewer or smaller files; synapse context compact <session> shortens a session.',
  },
  'invalid-request 501': { cause: 'check the base URL and the dialect', hint: CHECK_ADDRESS },
  'overloaded 500': { cause: 'it failed' },
};

const LATER = 'Ask again later, or use another model: --model, or "fallback" in the settings.';

/** The commands are those of the provider that is asked. */
const HINTS: Partial<Record<ProviderFailure, string>> = {
  auth: 'synapse keys list shows where its key is from, synapse keys set <provider> stores another. The key needs permission for the model.',
  'rate-limit': LATER,
  overloaded: LATER,
  timeout: LATER,
  quota: 'Check the plan and the credit of the account, or use another provider.',
  'context-length':
    'synapse context compact <session> and synapse context reset <session> make requests shorter; a model with a larger window takes more.',
  'invalid-request':
    'Check the model, and the dialect, max_tokens and temperature of [providers.<provider>] in the settings.',
  'model-not-found': 'List its models: synapse models --provider <provider>',
  'no-tools': 'Use another model, or ask without tools.',
  'replay-refused':
    'Start over without the earlier messages: synapse context reset <session>. Or use another model, which gets the messages without the reasoning.',
  refused: 'Rephrase the prompt, or use another model.',
};

const MAX_TOKENS_HINT =
  'Set max_tokens of [providers.<provider>] to a lower number. List the known limits: synapse models --provider <provider>';

export interface ErrorBody {
  /** What the server sent: parsed JSON of any shape, or text. */
  body: unknown;
  status?: number | undefined;
  /** How long the headers ask to wait. */
  retryAfterMs?: number | undefined;
  /** When a limit is reset according to the headers, for a server that asks for no wait. */
  resetMs?: number | undefined;
}

/** A failure that the server itself reported, by status or in the middle of a stream. */
export function fromErrorBody(error: ErrorBody, context: ProviderContext): ProviderError {
  const report = readErrorBody(error.body, Date.now());
  const status = error.status ?? report.status;
  const { codes, message } = report;
  const askedMs = error.retryAfterMs ?? report.retryAfterMs;
  const classified = classifyFailure({ status, codes, message, hasWait: askedMs !== undefined });
  const { reason, isRetryable } = classified;
  const retryAfterMs = askedMs ?? (isRetryable ? error.resetMs : undefined);
  const special = BY_STATUS[`${reason} ${status ?? 0}`];
  const failure =
    status === undefined
      ? SENTENCES[reason]
      : `returned ${status}: ${special?.cause ?? `it ${SENTENCES[reason]}`}`;
  const hint = classified.isAboutMaxTokens
    ? MAX_TOKENS_HINT
    : waitHint(retryAfterMs) + (special?.hint ?? HINTS[reason] ?? '');
  const shownMessage = message === '' ? '.' : `: ${redact(message, context.secrets)}`;
  return new ProviderError(
    clipText(`${context.provider} ${failure}${shownMessage}`, SHOWN_LENGTH),
    {
      provider: context.provider,
      reason,
      status,
      retryAfterMs,
      isRetryable,
      hint: hint.replaceAll('<provider>', context.provider),
    },
  );
}

const LONG_WAIT_MS = 60_000;

/** Synapse does not sleep through a long wait; the user learns how long it is. */
function waitHint(retryAfterMs = 0): string {
  if (retryAfterMs <= LONG_WAIT_MS) return '';
  return `The provider asks to wait ${Math.ceil(retryAfterMs / 60_000)} min. `;
}
