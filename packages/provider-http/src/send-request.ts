import type { Agent, IncomingMessage, AgentOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { codeOf, timeoutHint, protocolSwitchFailure, timeoutFailure } from './network-failure.ts';
import { proxyFor, type Environment } from './proxy-for.ts';

/** Connections stay open between the rounds of a turn, and don't keep the process alive. */
const KEPT_ALIVE = { keepAlive: true, maxFreeSockets: 4 };

const agents = new Map<string, Promise<Agent>>();

export interface OutgoingRequest {
  provider: string;
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  agent: Agent;
  /** The same route, on a new connection. */
  freshHttpAgent: () => Promise<Agent>;
  signal: AbortSignal | undefined;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
}

/** Sends the request and resolves with the head of the answer. */
export async function sendRequest(outgoing: OutgoingRequest): Promise<IncomingMessage> {
  try {
    return await sendOnce(outgoing);
  } catch (error) {
    // A server may close an idle connection just when it is reused; it has not seen the request
    // then.
    if (!(error instanceof StaleConnection)) throw error;
    return sendOnce({ ...outgoing, agent: await outgoing.freshHttpAgent() });
  }
}

class StaleConnection extends Error {}

async function sendOnce(outgoing: OutgoingRequest): Promise<IncomingMessage> {
  const { provider, url, method, headers, body, agent, signal } = outgoing;
  const { request: open } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const request = open(url, { method, headers, agent });
    const abort = (): void => void request.destroy(abortError());
    const connecting = setTimeout(() => {
      const said = `no connection to ${url.host} within ${outgoing.connectTimeoutMs} ms.`;
      request.destroy(timeoutFailure(provider, said, 'Check the network and the base URL.'));
    }, outgoing.connectTimeoutMs);
    const waiting = setTimeout(() => {
      const said = `${url.host} did not begin to answer within ${outgoing.idleTimeoutMs} ms.`;
      request.destroy(timeoutFailure(provider, said, timeoutHint(provider)));
    }, outgoing.connectTimeoutMs + outgoing.idleTimeoutMs);
    const settle = (): void => {
      clearTimeout(connecting);
      clearTimeout(waiting);
    };
    const end = (): void => {
      settle();
      signal?.removeEventListener('abort', abort);
    };
    request.once('socket', (socket) => whenConnected(socket, () => clearTimeout(connecting)));
    request.once('response', (message) => {
      settle();
      message.once('close', () => signal?.removeEventListener('abort', abort));
      resolve(message);
    });
    // No response follows a 101, so nothing else would end the wait.
    request.once('upgrade', (_head, socket) => {
      end();
      socket.destroy();
      reject(protocolSwitchFailure(provider, url.host));
    });
    request.on('error', (error) => {
      end();
      const isStale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
      reject(isStale ? new StaleConnection() : error);
    });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    request.end(body);
  });
}

export function abortError(): Error {
  return new DOMException('The request was aborted.', 'AbortError');
}

function whenConnected(socket: Socket, listener: () => void): void {
  const isSecure = 'encrypted' in socket;
  const isShaking = isSecure && (socket as TLSSocket).getProtocol() === 'unknown';
  if (!socket.connecting && !isShaking) listener();
  else socket.once(isSecure ? 'secureConnect' : 'connect', listener);
}

/** One agent for each proxy, and one for direct connections. */
export function pickHttpAgent(url: URL, environment: Environment): Promise<Agent> {
  const key = `${url.protocol} ${proxyFor(url, environment) ?? ''}`;
  let agent = agents.get(key);
  if (agent === undefined) {
    agent = openAgent(url, environment, KEPT_ALIVE);
    agents.set(key, agent);
  }
  return agent;
}

/** The same route, on a connection that is used once. */
export function freshHttpAgent(url: URL, environment: Environment): Promise<Agent> {
  return openAgent(url, environment, {});
}

async function openAgent(
  url: URL,
  environment: Environment,
  options: AgentOptions,
): Promise<Agent> {
  const proxy = proxyFor(url, environment);
  if (proxy !== undefined) {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    return new HttpsProxyAgent(proxy, options);
  }
  const { Agent } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Agent(options);
}
