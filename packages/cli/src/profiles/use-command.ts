import { agentOfCommand, chooseCommand, expandCommand } from '@synapse/app/profiles/expand-command';
import { preferredModel } from '@synapse/app/profiles/choose-agent';
import type { App } from '@synapse/app/wiring';
import { UsageError } from '@synapse/core';
import type { Target, TurnTools } from '@synapse/core/conversation';
import type { ProviderChoice } from '@synapse/core/models';
import type { CommandTemplate } from '@synapse/core/profiles';
import type { Material } from '../one-shot/read-material.ts';
import { askTrust } from './ask-trust.ts';
import type { ProfileFlags } from './begin-with-profile.ts';

export interface ChosenCommand {
  template: CommandTemplate;
  /** The agent that carries it out in a new session; the flag comes first. */
  agent: string | undefined;
  /** The model that it prefers; null for the usual one. */
  choice: ProviderChoice | null;
}

/** Finds the command of the flag, with the agent and the model that it names. */
export async function findCommandOf(
  app: App,
  name: string,
  flags: ProfileFlags,
  target: Target,
  notify: (text: string) => void,
): Promise<ChosenCommand> {
  const options = { isTrusted: flags.trust, ask: askTrust(), notify };
  const template = await chooseCommand(app, name, options);
  const isNew = !('id' in target);
  const agent = flags.agent ?? (isNew ? await agentOfCommand(app, template, notify) : undefined);
  const isChosen = flags.model !== undefined || flags.provider !== undefined;
  return { template, agent, choice: isChosen ? null : preferredModel(app, template, notify) };
}

/** The prompt that the command makes of the words, the inputs and what was piped in. */
export async function expandMaterial(
  template: CommandTemplate,
  material: Material,
  inputs: readonly string[],
  tools: TurnTools | undefined,
  signal: AbortSignal,
): Promise<Material> {
  const { typed, piped } = material.prompt;
  const given = { text: typed, inputs: readInputs(inputs), stdin: piped };
  const text = await expandCommand(template, given, tools, signal);
  if (text.trim() === '') throw new UsageError(`The command "${template.name}" makes no prompt.`);
  const title = `${template.name} ${typed}`.trim();
  return { ...material, prompt: { text, typed: title, piped: null } };
}

function readInputs(inputs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    inputs.map((input) => {
      const [, name, value] = /^([\w-]+)=([^]*)$/.exec(input) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--input takes name=value; "${input}" is not valid.`);
      }
      return [name, value];
    }),
  );
}
