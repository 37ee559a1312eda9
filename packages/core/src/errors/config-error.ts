import { SynapseError } from './synapse-error.ts';

/** A setting is wrong or missing; the message names the file, the line and the key. */
export class ConfigError extends SynapseError {
  override readonly code = 'SYNAPSE_CONFIG';
}

/** No provider is configured: neither a key nor a server. */
export class NoProviderError extends ConfigError {}
