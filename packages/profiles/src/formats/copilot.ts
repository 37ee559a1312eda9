import type { CommandInput } from '@synapse/core/profiles';
import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readLimits, readModels } from '../read-tools.ts';

const agentOnly = [
  ...['target', 'infer', 'user-invocable', 'disable-model-invocation', 'handoffs', 'agents'],
  ...['argument-hint', 'hooks', 'metadata'],
];
const INPUT = /\$\{input:([\w-]+)(?::([^}]{0,500}))?\}/g;

/** GitHub Copilot, also in VS Code. */
export const copilotFormat: ProfileFormat = {
  client: 'copilot',
  places: [
    {
      ...markdownPlace('agent', '.github/agents', '~/.copilot/agents'),
      ending: /(?:\.agent)?\.md$/i,
    },
    { ...markdownPlace('command', '.github/prompts', null), ending: /\.prompt\.md$/i },
    skillPlace('.github/skills', '~/.copilot/skills'),
  ],
  readAgent({ fields, body, pathName }) {
    fields.ignore(...agentOnly);
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: body,
      models: readModels(fields).map(withoutVendor),
      ...readLimits(fields, fields.list('tools')),
      maxTurns: null,
      temperature: null,
      maxOutputTokens: null,
      effort: null,
      skills: [],
    };
  },
  readCommand({ fields, body, pathName }) {
    fields.ignore('tools', 'mode');
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      body,
      style: 'placeholders',
      inputs: readInputs(body),
      argumentHint: fields.text('argument-hint'),
      agent: readAgentName(fields.text('agent')),
      models: readModels(fields).map(withoutVendor),
    };
  },
};

/** "Claude Sonnet (copilot)" names the vendor of the access, not another model. */
function withoutVendor(model: string): string {
  return model.replace(/\s*\([^()]*\)$/, '');
}

/** These are ways of working in the editor, not agents in files. */
function readAgentName(name: string | null): string | null {
  return name !== null && /^(agent|ask|edit|plan)$/i.test(name) ? null : name;
}

function readInputs(body: string): CommandInput[] {
  const inputs = new Map<string, CommandInput>();
  for (const [, name = '', description = ''] of body.matchAll(INPUT)) {
    if (inputs.has(name)) continue;
    const about = description === '' ? null : description;
    inputs.set(name, { name, type: 'string', description: about, default: null, choices: null });
  }
  return [...inputs.values()];
}
