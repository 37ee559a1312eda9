import { SynapseError, type SynapseErrorOptions } from '@synapse/core';

export interface McpFailureOptions extends SynapseErrorOptions {
  /** The server is gone; what was asked of it may or may not have happened. */
  isConnectionLost?: boolean;
}

/**
 * A server failed. Within this package the message goes on from the server's name ("did not answer
 * in time"); where one gets out, it is a whole sentence.
 */
export class McpFailure extends SynapseError {
  override readonly code = 'SYNAPSE_MCP';
  readonly isConnectionLost: boolean;

  constructor(reason: string, options: McpFailureOptions = {}) {
    super(reason, options);
    this.isConnectionLost = options.isConnectionLost ?? false;
  }
}
