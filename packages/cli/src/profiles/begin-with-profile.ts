import type { AgentLimits } from '@synapse/app/agent/open-agent';
import { needsProfile, type ProfileChoice } from '@synapse/app/profiles/start-session';
import type { SessionAgent, SessionProfile } from '@synapse/app/profiles/session-profile';
import type { App, OpenModel } from '@synapse/app/wiring';
import { UsageError } from '@synapse/core';
import type { Target } from '@synapse/core/conversation';
import type { ProviderChoice } from '@synapse/core/models';

export interface ProfileFlags extends ProfileChoice {
  trust: boolean;
  provider?: string | undefined;
  model?: string | undefined;
}

export interface Beginning {
  target: Target;
  /** The limits of the agent that the session begins or began with. */
  agent: (AgentLimits & Sampling) | null;
  /** The model that the agent prefers; null if the usual one answers. */
  choice: ProviderChoice | null;
  /** Null for a session that exists. */
  profile: SessionProfile | null;
}

type Sampling = Pick<SessionAgent, 'temperature' | 'maxOutputTokens'>;

/** Adds agent and instructions to a new session. A session that exists keeps those that it began with. */
export async function beginWithProfile(
  app: App,
  target: Target,
  flags: ProfileFlags,
  systemPrompt: string | null,
  notify: (text: string) => void,
): Promise<Beginning> {
  if ('id' in target) {
    if (flags.agent !== undefined) {
      throw new UsageError('A session keeps the agent that it began with.', {
        hint: 'Leave out --agent, or begin a new session: --new, or -s with a new name.',
      });
    }
    if (Object.keys(target.metadata).length === 0) {
      return { target, agent: null, choice: null, profile: null };
    }
    const { agentOf } = await import('@synapse/app/profiles/session-profile');
    return { target, agent: agentOf(target), choice: null, profile: null };
  }
  const { readProfile } = await import('@synapse/app/profiles/start-session');
  const { toStart } = await import('@synapse/app/profiles/session-profile');
  const { askTrust } = await import('./ask-trust.ts');
  const prompts = { given: systemPrompt, usual: app.settings.system_prompt };
  const options = { isTrusted: flags.trust, ask: askTrust(), notify };
  const profile = await readProfile(app, flags, prompts, options);
  const { agent } = profile;
  const begun = { target: { ...target, ...toStart(profile) }, agent, profile };
  if (agent === null || flags.model !== undefined || flags.provider !== undefined) {
    return { ...begun, choice: null };
  }
  const { preferredModel } = await import('@synapse/app/profiles/choose-agent');
  return { ...begun, choice: preferredModel(app, agent, notify) };
}

/** Whether a session has or gets more than a system prompt: without, nothing is loaded for it. */
export function hasProfile(app: App, target: Target, flags: ProfileFlags): boolean {
  if (flags.agent !== undefined) return true;
  return 'id' in target ? Object.hasOwn(target.metadata, 'agent') : needsProfile(app, flags);
}

/** The model with the sampling of the agent. */
export function withSampling(model: OpenModel, agent: Sampling | null): OpenModel {
  if (agent === null) return model;
  const { temperature, maxOutputTokens } = model.setup;
  const setup = {
    ...model.setup,
    temperature: agent.temperature ?? temperature,
    maxOutputTokens: agent.maxOutputTokens ?? maxOutputTokens,
  };
  return { ...model, setup };
}
