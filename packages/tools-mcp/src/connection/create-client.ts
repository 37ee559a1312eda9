import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Logger } from '@synapse/core';
import { cleanText } from './clean-text.ts';

const MAX_LOGGED_ERRORS = 20;

export interface ClientOptions {
  server: string;
  clientVersion: string;
  logger: Logger;
  onToolsChanged: () => void;
}

/** A client without capabilities: it only lists and calls tools. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { ErrorCode, McpError, ToolListChangedNotificationSchema } =
    await import('@modelcontextprotocol/sdk/types.js');
  const { logger, server } = options;
  const client = new Client({ name: 'synapse', version: options.clientVersion });
  let errorCount = 0;
  client.onerror = (error) => {
    errorCount += 1;
    if (errorCount > MAX_LOGGED_ERRORS) return;
    logger.debug({ server, reason: cleanText(error.message) }, 'MCP protocol error');
  };
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => options.onToolsChanged());
  // Sampling, elicitation and roots would let a server use the person's model, time and folders.
  client.fallbackRequestHandler = async ({ method }) => {
    logger.info({ server, method: cleanText(method) }, 'refused a request of an MCP server');
    throw new McpError(
      ErrorCode.MethodNotFound,
      'Synapse only uses tools; it does not support this request.',
    );
  };
  return client;
}
