import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Logger } from '@synapse/core';
import type { HttpSettings, McpServerSettings } from '../config/server-settings.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface TransportOptions {
  settings: McpServerSettings;
  environment: NodeJS.ProcessEnv;
  logger: Logger;
}

/** `onFatal` is called if a server violates the limits and must be dropped. */
type TransportOpener = (onFatal: (reason: string) => void) => Promise<Transport>;

/** The transports to try, best first; the next one is used if the endpoint does not exist. */
export async function transportsFor(options: TransportOptions): Promise<TransportOpener[]> {
  const { settings, environment, logger } = options;
  const { transport } = settings;
  if (transport.type === 'stdio') {
    const { JSONRPCMessageSchema } = await import('@modelcontextprotocol/sdk/types.js');
    const parse = (line: string) => JSONRPCMessageSchema.parse(JSON.parse(line));
    const common = { server: settings.name, settings: transport, environment, logger, parse };
    return [async (onFatal) => new StdioTransport({ ...common, onFatal })];
  }
  const streamable: TransportOpener = (onFatal) => openStreamable(transport, onFatal);
  const sse: TransportOpener = (onFatal) => openSse(transport, onFatal);
  return { auto: [streamable, sse], http: [streamable], sse: [sse] }[transport.type];
}

async function openStreamable(
  settings: HttpSettings,
  onFatal: (reason: string) => void,
): Promise<Transport> {
  const { StreamableHTTPClientTransport } =
    await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return new StreamableHTTPClientTransport(new URL(settings.url), {
    requestInit: { headers: settings.headers },
    fetch: boundedFetch(fetch, () => onFatal(TOO_LARGE)),
  });
}

async function openSse(
  settings: HttpSettings,
  onFatal: (reason: string) => void,
): Promise<Transport> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- servers that know nothing newer
  const { SSEClientTransport } = await import('@modelcontextprotocol/sdk/client/sse.js');
  return new SSEClientTransport(new URL(settings.url), {
    requestInit: { headers: settings.headers },
    fetch: boundedFetch(fetch, () => onFatal(TOO_LARGE)),
  });
}

const TOO_LARGE = `sent a message of more than ${MAX_MESSAGE_BYTES} bytes`;
