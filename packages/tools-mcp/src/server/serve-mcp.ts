import { PassThrough, type Readable, type Writable } from 'node:stream';
import { redactSecrets, SynapseError, type JsonObject, type Logger } from '@synapse/core';
import { LineSplitter } from '../connection/line-splitter.ts';
import { SessionReader, type SessionReaderOptions } from './session-reader.ts';
import { sessionTools } from './session-tools.ts';

const RESOURCE_PAGE = 50;
/** The limit of one request; below that of the transport, which would close the connection silently. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
const URI_PREFIX = 'synapse://session/';

export interface ServeMcpOptions extends SessionReaderOptions {
  input: Readable;
  /** Nothing else may write to this stream while the server runs. */
  output: Writable;
  logger: Logger;
  version: string;
}

/** Serves stored sessions to an MCP client until it disconnects or the signal is aborted. */
export async function serveMcp(options: ServeMcpOptions, signal: AbortSignal): Promise<void> {
  const { input, output, logger, version } = options;
  // The higher-level McpServer requires schemas of its own library; Synapse's are plain JSON Schema.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the low-level one takes those
  const { Server } = await import('@modelcontextprotocol/sdk/server/index.js');
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const {
    CallToolRequestSchema,
    ErrorCode,
    ListResourcesRequestSchema,
    ListToolsRequestSchema,
    McpError,
    ReadResourceRequestSchema,
  } = await import('@modelcontextprotocol/sdk/types.js');
  const reader = new SessionReader(options);
  const server = new Server(
    { name: 'synapse', version },
    { capabilities: { tools: {}, resources: {} } },
  );
  server.onerror = (error) => logger.debug({ reason: error.message }, 'MCP client error');

  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: sessionTools.map(({ name, description, inputSchema }) => {
      return { name, description, inputSchema, annotations: { readOnlyHint: true } };
    }),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = sessionTools.find(({ name }) => name === params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, 'There is no such tool.');
    try {
      return toResult(await tool.run(reader, params.arguments ?? {}), false);
    } catch (error) {
      return toResult({ error: describe(error, logger) }, true);
    }
  });

  server.setRequestHandler(ListResourcesRequestSchema, async ({ params }) => {
    const { items, nextCursor } = await options.sessions.list({
      limit: RESOURCE_PAGE,
      cursor: params?.cursor,
    });
    const resources = items.map(({ id, handle, title }) => ({
      uri: `${URI_PREFIX}${id}`,
      name: handle ?? redactSecrets(title ?? id),
      mimeType: 'application/json',
    }));
    return nextCursor === null ? { resources } : { resources, nextCursor };
  });

  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const id = uri.startsWith(URI_PREFIX) ? uri.slice(URI_PREFIX.length) : '';
    const page = id === '' ? undefined : await reader.read(id, 100, undefined);
    if (!page) throw new McpError(ErrorCode.InvalidParams, 'There is no such resource.');
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(page) }] };
  });

  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  const close = () => void server.close();
  const lines = new PassThrough();
  const receive = lineReceiver(lines, output);
  const finish = () => void lines.end();
  // The transport does not notice that the client has disconnected.
  lines.once('end', close);
  input.on('data', receive).once('end', finish).once('close', finish).once('error', close);
  output.once('error', close);
  signal.addEventListener('abort', close, { once: true });
  try {
    await server.connect(new StdioServerTransport(lines, output));
    if (signal.aborted) close();
    await closed;
  } finally {
    input.off('data', receive).off('end', finish).off('close', finish).off('error', close).pause();
    output.off('error', close);
    signal.removeEventListener('abort', close);
  }
}

/** Passes lines on, and answers those that are too long with an error. */
function lineReceiver(lines: Writable, output: Writable): (chunk: Buffer) => void {
  const splitter = new LineSplitter({
    maxBytes: MAX_REQUEST_BYTES,
    onLine: (line) => lines.write(`${line}\n`),
    onTooLong: () => {
      const message = `A request has more than ${MAX_REQUEST_BYTES} bytes.`;
      // The request is unknown, so the id is null, as JSON-RPC requires.
      const answer = { jsonrpc: '2.0', id: null, error: { code: -32_600, message } };
      output.write(`${JSON.stringify(answer)}\n`);
    },
  });
  return (chunk) => splitter.push(chunk);
}

function toResult(value: JsonObject, isError: boolean) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }], isError };
}

function describe(error: unknown, logger: Logger): string {
  if (error instanceof SynapseError) return error.message;
  logger.error({ error }, 'a call to the MCP server failed');
  return 'Synapse failed to answer; see its log.';
}
