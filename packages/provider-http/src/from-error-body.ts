import {
  clipText,
  ProviderError,
  type ProviderFailure,
  type SynapseErrorOptions,
} from '@synapse/core';
import { classifyFailure } from './classify-failure.ts';
import type { ProviderContext } from './provider-context.ts';
import { redact } from './redact.ts';
import { readErrorBody } from './read-error-body.ts';
import type { MinimalResponse } from './minimal-response.ts';
import { parseRateLimitReset, parseRetryAfter } from './parse-retry-after.ts';

const SHOWN_LENGTH = 400;

/** Follows the name of the provider, or a status: "openai returned 401: it …". */
const SENTENCES: Record<ProviderFailure, string> = {
  auth: 'rejected the key',
  'rate-limit': 'limits the rate of requests',
  quota: 'reports that the credit or quota is used up',
  overloaded: 'cannot answer at the moment',
  'context-length': 'reports that the session is too long for the model',
  refused: 'refused the request',
  network: 'cannot be reached',
  timeout: 'took too long',
  'invalid-request': 'rejected the request',
  'invalid-response': 'sent an answer that Synapse cannot read',
  'response-too-large': 'sent more than Synapse can store',
  'model-not-found': 'does not have the model',
  'no-tools': 'does not support tools for this model',
  'replay-refused': 'no longer accepts its own earlier reasoning',
};

type Advice = (provider: string) => Pick<SynapseErrorOptions, 'hint' | 'action'>;

const checkAddress: Advice = (provider) => ({
  action: { name: 'check-address', provider, text: 'Check its base URL, and list its models.' },
});

/** More precise causes by status. */
const BY_STATUS: Record<string, { cause: string; advice?: Advice }> = {
  'auth 403': {
    cause: 'the key has no permission for this',
    advice: (provider) => ({
      hint: 'Allow the key to use this model in the account of the provider, ',
      action: { name: 'replace-key', provider, text: 'or use another model or key.' },
    }),
  },
  'invalid-request 404': { cause: 'check the model name and the base URL', advice: checkAddress },
  'invalid-request 405': { cause: 'check the base URL', advice: checkAddress },
  'context-length 413': {
    cause: 'the request is too large',
    advice: () => ({
      hint: 'Attach fewer or smaller files',
      action: { name: 'shrink-request', text: ', or compact the session.' },
    }),
  },
  'invalid-request 501': { cause: 'check the base URL and the dialect', advice: checkAddress },
  'overloaded 500': { cause: 'it failed' },
};

const later: Advice = () => ({
  hint: 'Try again later, ',
  action: { name: 'use-another-model', text: 'or use another model.' },
});

const ADVICE: Partial<Record<ProviderFailure, Advice>> = {
  auth: (provider) => ({
    action: {
      name: 'check-key',
      provider,
      text: 'Check where the key comes from, or store another. The key needs permission for the model.',
    },
  }),
  'rate-limit': later,
  overloaded: later,
  timeout: later,
  quota: () => ({ hint: 'Check the plan and the credit of the account, or use another provider.' }),
  'context-length': () => ({
    action: {
      name: 'compact-session',
      text: 'Compact the session, or start over without its earlier messages; a model with a larger window accepts longer requests.',
    },
  }),
  'invalid-request': (provider) => ({
    hint: `Check the model, and the dialect, max_tokens and temperature of [providers.${provider}] in the settings.`,
  }),
  'model-not-found': (provider) => ({
    action: { name: 'list-models', provider, text: 'List its models.' },
  }),
  'no-tools': () => ({ hint: 'Use another model, or ask without tools.' }),
  'replay-refused': () => ({
    action: {
      name: 'reset-context',
      text: 'Start over without the earlier messages. Or use another model, which gets the messages without the reasoning.',
    },
  }),
  refused: () => ({ hint: 'Rephrase the prompt, or use another model.' }),
};

const lowerMaxTokens: Advice = (provider) => ({
  hint: `Set max_tokens of [providers.${provider}] to a lower number. `,
  action: { name: 'list-models', provider, text: 'List the known limits.' },
});

export interface ErrorBody {
  /** The body from the server: parsed JSON of any shape, or text. */
  body: unknown;
  status?: number | undefined;
  /** The waiting time in the headers. */
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
  const advise = classified.isAboutMaxTokens ? lowerMaxTokens : (special?.advice ?? ADVICE[reason]);
  const { hint = '', action } = advise?.(context.provider) ?? {};
  const wait = classified.isAboutMaxTokens ? '' : waitHint(retryAfterMs);
  const shownMessage = message === '' ? '.' : `: ${redact(message, context.secrets)}`;
  return new ProviderError(
    clipText(`${context.provider} ${failure}${shownMessage}`, SHOWN_LENGTH),
    {
      provider: context.provider,
      reason,
      status,
      retryAfterMs,
      isRetryable,
      hint: wait + hint,
      action,
    },
  );
}

const LONG_WAIT_MS = 60_000;

/** Synapse does not wait for long; it tells the user how long the wait is. */
function waitHint(retryAfterMs = 0): string {
  if (retryAfterMs <= LONG_WAIT_MS) return '';
  return `The provider asks to wait ${Math.ceil(retryAfterMs / 60_000)} min. `;
}

/** The failure that a response without success explains. */
export async function toStatusFailure(
  response: MinimalResponse,
  options: ProviderContext & { idleTimeoutMs: number },
): Promise<ProviderError> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    response.body.destroy();
    return redirectFailure(response, options.provider);
  }
  // If the body does not arrive, the status alone explains the failure.
  const text = await response.explanation(options.idleTimeoutMs).catch(() => '');
  const nowMs = Date.now();
  const waits = {
    retryAfterMs: parseRetryAfter(headers, nowMs),
    resetMs: parseRateLimitReset(headers, nowMs),
  };
  return fromErrorBody({ body: jsonOrText(text), status, ...waits }, options);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function redirectFailure(response: MinimalResponse, provider: string): ProviderError {
  const location = response.headers.get('location') ?? '';
  const target = URL.canParse(location, response.url)
    ? ` to ${new URL(location, response.url).origin}`
    : '';
  return new ProviderError(
    `${provider} answered with a redirect${target} (${response.status}), which is not followed.`,
    {
      provider,
      reason: 'invalid-response',
      status: response.status,
      isRetryable: false,
      hint: 'If the new address is right, make it the base URL of this provider.',
    },
  );
}
