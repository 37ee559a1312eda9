import type { JsonObject, Session } from '@synapse/core';
import type { SessionStart } from '@synapse/core/conversation';
import type { AgentProfile, Instructions } from '@synapse/core/profiles';

/** What a new session begins with, besides its question. */
export interface SessionProfile {
  /** The text of a flag or of the settings. */
  systemPrompt: string | null;
  agent: AgentProfile | null;
  /** The nearest first. */
  instructions: readonly Instructions[];
}

/** What a session keeps of the agent that it began with: its limits hold when the session is continued. */
export type SessionAgent = Pick<
  AgentProfile,
  'name' | 'sha256' | 'tools' | 'deny' | 'ask' | 'maxTurns' | 'temperature' | 'maxOutputTokens'
>;

/**
 * The system prompt, which is stored with the session, and the hashes of the files that it was made from: a
 * session keeps what it began with, whatever becomes of the files.
 */
export function toStart(profile: SessionProfile): Pick<SessionStart, 'systemPrompt' | 'metadata'> {
  const { systemPrompt, agent, instructions } = profile;
  const texts = [
    agent?.prompt ?? '',
    systemPrompt ?? '',
    instructions.length > 1 ? 'Of the following instructions, the earlier ones count more.' : '',
    ...instructions.map(({ name, text }) => `Instructions from ${name}:\n\n${text}`),
  ];
  const prompt = texts.filter((text) => text !== '').join('\n\n');
  const metadata: JsonObject = {
    ...(agent && { agent: { ...sessionAgentOf(agent), origin: { ...agent.origin } } }),
    ...(instructions.length > 0 && {
      instructions: instructions.map(({ name, sha256 }) => ({ name, sha256 })),
    }),
  };
  return { systemPrompt: prompt === '' ? null : prompt, metadata };
}

function sessionAgentOf(agent: AgentProfile) {
  const { name, sha256, tools, deny, ask, maxTurns, temperature, maxOutputTokens } = agent;
  return {
    ...{ name, sha256, tools: tools && [...tools], deny: [...deny], ask: [...ask] },
    ...{ maxTurns, temperature, maxOutputTokens },
  };
}

/** The agent that a session began with; null if there was none. */
export function agentOf({ metadata }: Pick<Session, 'metadata'>): SessionAgent | null {
  const { agent } = metadata;
  if (typeof agent !== 'object' || agent === null || Array.isArray(agent)) return null;
  const { name, sha256, tools, deny, ask, maxTurns, temperature, maxOutputTokens } = agent;
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    name: text(name),
    sha256: text(sha256),
    // Anything but the form that was stored permits nothing.
    tools: tools === null ? null : texts(tools),
    deny: texts(deny),
    ask: texts(ask),
    maxTurns: number(maxTurns),
    temperature: number(temperature),
    maxOutputTokens: number(maxOutputTokens),
  };
}
