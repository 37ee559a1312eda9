import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readModels } from '../read-tools.ts';

/** Codex: agents in TOML, and the prompts of the user. A sandbox that only reads leaves only tools that read. */
export const codexFormat: ProfileFormat = {
  client: 'codex',
  places: [
    {
      ...{ kind: 'agent', project: '.codex/agents', user: '~/.codex/agents' },
      ...{ ending: /\.toml$/i, isDeep: true },
    },
    markdownPlace('command', null, '~/.codex/prompts'),
    skillPlace('.codex/skills', '~/.codex/skills'),
  ],
  readAgent({ fields, pathName }) {
    fields.ignore('nickname-candidates', 'approval-policy');
    const isReading = fields.text('sandbox-mode') === 'read-only';
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: fields.text('developer-instructions') ?? '',
      models: readModels(fields),
      tools: isReading ? ['read', 'list', 'glob', 'grep'] : null,
      deny: [],
      ask: [],
      maxTurns: null,
      temperature: null,
      maxOutputTokens: null,
      effort: fields.text('model-reasoning-effort'),
      skills: [],
    };
  },
  readCommand({ fields, body, pathName }) {
    return {
      name: pathName,
      description: fields.text('description'),
      body,
      style: 'codex',
      inputs: [],
      argumentHint: fields.text('argument-hint'),
      agent: null,
      models: [],
    };
  },
};
