import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpBehaviour =
  /** Answers with JSON. */
  | 'json'
  /** Answers with a stream of events. */
  | 'stream'
  /** Knows only the older way: a stream that names the address for requests. */
  | 'sse'
  | 'unauthorized'
  | 'not-found'
  | 'server-error'
  | 'html'
  | 'hang'
  | 'reset'
  | 'redirect'
  | 'bad-json';

export interface FakeHttpServer {
  url: string;
  /** What was asked, in order: the HTTP method and the MCP method. */
  asked: string[];
  headers: IncomingMessage['headers'][];
  close(): Promise<void>;
}

interface Request {
  id?: number;
  method?: string;
  params?: { name?: string; arguments?: { text?: string } };
}

const tools = ['echo', 'fail', 'hang', 'huge', 'reset', 'forget', 'silent-end'].map((name) => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object' },
}));

/** An MCP server on the loopback that answers as it is told to. */
export async function openFakeHttpServer(
  behaviour: HttpBehaviour,
  elsewhere = 'http://127.0.0.2:1/mcp',
): Promise<FakeHttpServer> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let events: ServerResponse | undefined;
  let knownSession = 'session-1';

  const resultOf = (request: Request): object | undefined => {
    if (request.method === 'initialize') {
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'fake over HTTP', version: '1.0.0' },
      };
    }
    if (request.method === 'tools/list') return { tools };
    const { name, arguments: input } = request.params ?? {};
    if (name === 'hang') return undefined;
    if (name === 'forget') knownSession = 'session-2';
    const text = name === 'huge' ? 'x'.repeat(40_000_000) : `echo: ${input?.text ?? ''}`;
    return { content: [{ type: 'text', text }], isError: name === 'fail' };
  };

  const respond = (request: Request, incoming: IncomingMessage, response: ServerResponse) => {
    const sent = incoming.headers['mcp-session-id'];
    if (sent !== undefined && sent !== knownSession) {
      response.writeHead(404).end();
      return;
    }
    if (request.id === undefined) {
      response.writeHead(202).end();
      return;
    }
    if (request.params?.name === 'reset') {
      incoming.socket.destroy();
      return;
    }
    const result = resultOf(request);
    const body = JSON.stringify({ jsonrpc: '2.0', id: request.id, result });
    response.setHeader('mcp-session-id', sent ?? knownSession);
    if (request.params?.name === 'silent-end') {
      response.setHeader('content-type', 'text/event-stream');
      response.end(': nothing\n\n');
    } else if (behaviour === 'sse') {
      response.writeHead(202).end();
      if (result) events?.write(`event: message\ndata: ${body}\n\n`);
    } else if (behaviour === 'stream') {
      response.setHeader('content-type', 'text/event-stream');
      response.write(': a comment\n\nevent: message\n');
      if (result) response.end(`data: ${body}\n\n`);
    } else if (result) {
      response.setHeader('content-type', 'application/json');
      response.end(behaviour === 'bad-json' ? body.slice(0, -3) : body);
    }
  };

  const server = createServer((incoming, response) => {
    headers.push(incoming.headers);
    if (behaviour === 'redirect') {
      response.writeHead(307, { location: elsewhere }).end();
      return;
    }
    if (incoming.method !== 'POST') {
      asked.push(incoming.method ?? '');
      if (behaviour === 'sse' && incoming.method === 'GET') {
        events = response;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('event: endpoint\ndata: /messages\n\n');
      } else if (incoming.method === 'DELETE') {
        response.writeHead(200).end();
      } else {
        response.writeHead(405).end();
      }
      return;
    }
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (text += chunk));
    incoming.on('end', () => {
      const request = JSON.parse(text) as Request;
      asked.push(`POST ${request.method ?? 'answer'}`);
      const status = { unauthorized: 401, 'not-found': 404, 'server-error': 500 } as const;
      if (behaviour === 'hang') return;
      if (behaviour === 'reset') incoming.socket.destroy();
      else if (behaviour in status) {
        response
          .writeHead(status[behaviour as keyof typeof status])
          .end('no\u001b[2J key sk-ant-canary0123456789');
      } else if (behaviour === 'html') {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>');
      } else if (behaviour === 'sse' && incoming.url === '/mcp') {
        response.writeHead(405).end();
      } else respond(request, incoming, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    headers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
