import type { AgentProfile, Instructions } from '@synapse/core/profiles';
import { collectInstructions, hasInstructions } from './collect-instructions.ts';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import type { SessionProfile } from './session-profile.ts';

/** The choices of the user for a new session. */
export interface ProfileChoice {
  agent?: string | undefined;
  'no-instructions': boolean;
}

/** Whether a new session begins with more than a system prompt. */
export function needsProfile(app: ProfilesApp, choice: ProfileChoice): boolean {
  const agent = choice.agent ?? app.settings.agent;
  return agent !== null || (!choice['no-instructions'] && hasInstructions(app));
}

/** Reads what a new session begins with: the agent of the choice or the settings, and instructions. */
export async function readProfile(
  app: ProfilesApp,
  choice: ProfileChoice,
  systemPrompt: { given: string | null; usual: string | null },
  options: CollectOptions,
): Promise<SessionProfile> {
  const name = choice.agent ?? app.settings.agent;
  let agent: AgentProfile | null = null;
  if (name !== null && name !== '') {
    const { chooseAgent } = await import('./choose-agent.ts');
    agent = await chooseAgent(app, name, options);
  }
  let instructions: Instructions[] = [];
  if (!choice['no-instructions'] && hasInstructions(app)) {
    instructions = await collectInstructions(app, options);
  }
  // An agent has instructions of its own; only what the user gives for this session adds to them.
  const usual = agent === null ? systemPrompt.usual : null;
  return { systemPrompt: systemPrompt.given ?? usual, agent, instructions };
}
