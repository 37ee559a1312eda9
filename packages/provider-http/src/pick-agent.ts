import type { Agent } from 'node:http';
import { proxyFor, type Environment } from './proxy-for.ts';

/** Connections stay open between the rounds of a turn, and don't keep the process alive. */
const KEPT_ALIVE = { keepAlive: true, maxFreeSockets: 4 };

const agents = new Map<string, Promise<Agent>>();

/** One agent for each way out of here. */
export function pickAgent(url: URL, environment: Environment): Promise<Agent> {
  const proxy = proxyFor(url, environment);
  const key = `${url.protocol} ${proxy ?? ''}`;
  let agent = agents.get(key);
  if (agent === undefined) {
    agent = openAgent(url.protocol, proxy);
    agents.set(key, agent);
  }
  return agent;
}

async function openAgent(protocol: string, proxy: string | undefined): Promise<Agent> {
  if (proxy !== undefined) {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    return new HttpsProxyAgent(proxy, KEPT_ALIVE);
  }
  const { Agent } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Agent(KEPT_ALIVE);
}
