import type { Agent, AgentOptions } from 'node:http';
import { proxyFor, type Environment } from './proxy-for.ts';

/** Connections stay open between the rounds of a turn, and don't keep the process alive. */
const KEPT_ALIVE = { keepAlive: true, maxFreeSockets: 4 };

const agents = new Map<string, Promise<Agent>>();

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
