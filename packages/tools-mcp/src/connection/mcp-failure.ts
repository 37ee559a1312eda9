import { SynapseError, type SynapseErrorOptions } from '@synapse/core';

export interface McpFailureOptions extends SynapseErrorOptions {
  /** The server is gone; what was asked of it may or may not have happened. */
  isConnectionLost?: boolean;
}

/** A server failed. The message goes on from its name: "is not there", "timed out". */
export class McpFailure extends SynapseError {
  override readonly code = 'SYNAPSE_MCP';
  readonly isConnectionLost: boolean;

  constructor(reason: string, options: McpFailureOptions = {}) {
    super(reason, options);
    this.isConnectionLost = options.isConnectionLost ?? false;
  }
}
