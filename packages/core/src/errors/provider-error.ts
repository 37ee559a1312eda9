import { SynapseError, type SynapseErrorOptions } from './synapse-error.ts';

export type ProviderFailure =
  | 'auth'
  | 'rate-limit'
  | 'quota'
  | 'overloaded'
  | 'context-length'
  | 'refused'
  | 'network'
  | 'timeout'
  | 'invalid-request'
  | 'invalid-response'
  /** The answer, or a piece of it, is larger than anything that is kept. */
  | 'response-too-large'
  | 'model-not-found'
  /** The model takes no tools, and some were offered. */
  | 'no-tools'
  /** The provider no longer takes something that it put on an earlier answer. */
  | 'replay-refused';

export interface ProviderErrorOptions extends SynapseErrorOptions {
  provider: string;
  reason: ProviderFailure;
  status?: number | undefined;
  /** The wait that the provider asked for. */
  retryAfterMs?: number | undefined;
  isRetryable: boolean;
}

/** The provider did not answer, or refused to. */
export class ProviderError extends SynapseError {
  override readonly code: `SYNAPSE_PROVIDER_${string}`;
  readonly provider: string;
  readonly reason: ProviderFailure;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isRetryable: boolean;

  constructor(message: string, options: ProviderErrorOptions) {
    super(message, options);
    this.code = `SYNAPSE_PROVIDER_${options.reason.toUpperCase().replaceAll('-', '_')}`;
    this.provider = options.provider;
    this.reason = options.reason;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.isRetryable = options.isRetryable;
  }
}
