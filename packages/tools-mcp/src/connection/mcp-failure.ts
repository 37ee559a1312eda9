import { SynapseError, type SynapseErrorOptions } from '@synapse/core';

export interface McpFailureOptions extends SynapseErrorOptions {
  /** The server is gone; the requested action may or may not have happened. */
  isConnectionLost?: boolean;
}

/**
 * A server failed. Inside this package, the message continues the server's name ("did not answer in
 * time"); outside, it is a whole sentence.
 */
export class McpFailure extends SynapseError {
  override readonly code = 'SYNAPSE_MCP';
  readonly isConnectionLost: boolean;

  constructor(reason: string, options: McpFailureOptions = {}) {
    super(reason, options);
    this.isConnectionLost = options.isConnectionLost ?? false;
  }
}
