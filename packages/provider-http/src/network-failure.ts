import { ProviderError, type ProviderFailure } from '@synapse/core';

const UNTRUSTED =
  /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** Explains a failure between here and the host by the code of the underlying error. */
export function networkFailure(provider: string, host: string, error: unknown): ProviderError {
  const code = codeOf(error);
  const { said, hint, isRetryable, reason } = describe(code, host);
  return new ProviderError(`${provider}: ${said}${code === '' ? '' : ` (${code})`}.`, {
    provider,
    reason,
    isRetryable,
    hint,
    cause: error,
  });
}

export function timeoutFailure(provider: string, said: string, hint: string): ProviderError {
  return new ProviderError(`${provider}: ${said}`, {
    provider,
    reason: 'timeout',
    isRetryable: true,
    hint,
  });
}

/** The hint for a time limit that may be too short. */
export function timeoutHint(provider: string): string {
  return `Try again, or raise timeout in [providers.${provider}] of the settings.`;
}

/** After a 101, the response is no longer HTTP. */
export function protocolSwitchFailure(provider: string, host: string): ProviderError {
  return new ProviderError(`${provider}: ${host} switched to another protocol (101).`, {
    provider,
    reason: 'invalid-response',
    status: 101,
    isRetryable: false,
    hint: 'Check the base URL.',
  });
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

interface Description {
  said: string;
  hint: string;
  isRetryable: boolean;
  reason: ProviderFailure;
}

function describe(code: string, host: string): Description {
  const network = { reason: 'network' as const, isRetryable: true };
  if (UNTRUSTED.test(code)) {
    return {
      ...network,
      said: `the certificate of ${host} cannot be trusted`,
      hint: 'Check the clock and the address; set NODE_EXTRA_CA_CERTS to the file with the certificates of your company.',
      isRetryable: false,
    };
  }
  if (code.startsWith('HPE_')) {
    return {
      reason: 'invalid-response',
      isRetryable: false,
      said: `${host} does not answer in HTTP`,
      hint: 'Check the base URL, and whether it begins with http or https.',
    };
  }
  switch (code) {
    case 'ENOTFOUND':
      return {
        ...network,
        said: `there is no host ${host}`,
        hint: 'Check the base URL and the network.',
      };
    case 'EAI_AGAIN':
      return {
        ...network,
        said: `the name ${host} cannot be looked up`,
        hint: 'Check the network.',
      };
    case 'ECONNREFUSED':
      return {
        ...network,
        said: `nothing answers at ${host}`,
        hint: 'Start the server there, or check the base URL.',
        // A server on this machine that is not running will not start by itself.
        isRetryable: !/^(?:localhost|127[.]|\[::1\])/.test(host),
      };
    case 'ETIMEDOUT':
      return {
        reason: 'timeout',
        isRetryable: true,
        said: `${host} does not answer`,
        hint: 'Check the network and the base URL.',
      };
    default:
      return {
        ...network,
        said: `the connection to ${host} was lost`,
        hint: 'Try again; the answer so far is stored.',
      };
  }
}

/** The connection was closed before the answer was complete. */
export function interruptedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} ended the connection in the middle of its answer.`, {
    provider,
    reason: 'network',
    isRetryable: true,
    hint: 'Try again; the answer so far is stored.',
  });
}

/**
 * Carries a failure through an SDK unchanged: SDKs guess the kind of an error by its words, and
 * drop those that sound like a time-out.
 */
export class TransportError extends Error {
  readonly failure: ProviderError;

  constructor(failure: ProviderError) {
    super('The transport failed.');
    this.name = 'TransportError';
    this.failure = failure;
  }
}
