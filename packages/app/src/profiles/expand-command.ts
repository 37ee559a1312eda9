import { NotPermittedError, type JsonObject } from '@synapse/core';
import type { TurnTools } from '@synapse/core/conversation';
import {
  renderTemplate,
  type CommandArguments,
  type CommandTemplate,
} from '@synapse/core/profiles';
import { openProfiles } from '../wiring/open-profiles.ts';
import { entryOfPath, findTrusted } from './choose-agent.ts';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { untrusted } from './folder-trust.ts';
import { isChanged, trustCommand } from './trust-folder.ts';
import { realRoot } from './project-root.ts';

/**
 * The command that a name, `client:name` or a path means. One that comes with a folder needs its trust; one
 * that runs something has to be as it was when the user trusted the folder.
 */
export async function chooseCommand(
  app: ProfilesApp,
  reference: string,
  options: CollectOptions,
): Promise<CommandTemplate> {
  const source = await openProfiles(app);
  const kind = 'command';
  const named = entryOfPath(app.here, reference, kind);
  const entry =
    named ?? (await findTrusted(app, await source.list(kind), { reference, kind }, options));
  const template = await source.read(entry);
  for (const warning of template.warnings) options.notify(`command "${template.name}": ${warning}`);
  if (options.isTrusted || !isChanged(app, template)) return template;
  const what = `The command "${template.name}" runs something, has changed since, and`;
  const answer = await options.ask?.(realRoot(app.here), [
    `the changed command "${template.name}"`,
  ]);
  if (answer !== true) throw untrusted(app, what);
  await trustCommand(app, template);
  return template;
}

/** The prompt that a command makes. What it runs and reads needs the same approval as a call of the model. */
export async function expandCommand(
  template: CommandTemplate,
  given: CommandArguments,
  tools: TurnTools | undefined,
  signal: AbortSignal,
): Promise<string> {
  const call = async (name: string, input: JsonObject, place: string): Promise<string> => {
    const found = await findTool(tools, name, signal);
    if (!found || !tools) {
      throw new NotPermittedError(
        `The command "${template.name}" has ${place}, but the tool "${name}" is switched off.`,
      );
    }
    const request = { type: 'tool-call' as const, id: `command-${name}`, name, input };
    const approval = await tools.approver.approve(request, found.tool, signal);
    if (!approval.allowed) {
      throw new NotPermittedError(
        `The command "${template.name}" has ${place}. ${approval.reason}`,
      );
    }
    return (await found.source.call(name, input, signal)).output.trimEnd();
  };
  return renderTemplate(template, given, {
    runShell: (command) => call('shell', { command }, `the command line ${command}`),
    readFile: (path) => call('read', { path }, `the file ${path}`),
  });
}

async function findTool(tools: TurnTools | undefined, name: string, signal: AbortSignal) {
  for (const source of tools?.sources ?? []) {
    const tool = (await source.list(signal)).find((one) => one.name === name);
    if (tool) return { tool, source };
  }
  return undefined;
}

/** The agent that a command names; undefined, with a notice, if there is none of this name. */
export async function agentOfCommand(
  app: ProfilesApp,
  { name, agent }: Pick<CommandTemplate, 'name' | 'agent'>,
  notify: (text: string) => void,
): Promise<string | undefined> {
  if (agent === null) return undefined;
  const agents = await (await openProfiles(app)).list('agent');
  if (agents.some((entry) => entry.name === agent)) return agent;
  notify(`command "${name}": there is no agent "${agent}"; none is used`);
  return undefined;
}
