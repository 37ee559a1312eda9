import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readLimits, readModels } from '../read-tools.ts';

/** Gemini CLI: agents in Markdown, commands in TOML. */
export const geminiFormat: ProfileFormat = {
  client: 'gemini',
  places: [
    markdownPlace('agent', '.gemini/agents', '~/.gemini/agents'),
    {
      ...{ kind: 'command', project: '.gemini/commands', user: '~/.gemini/commands' },
      ...{ ending: /\.toml$/i, isDeep: true },
    },
    skillPlace('.gemini/skills', '~/.gemini/skills'),
  ],
  readAgent({ fields, body, pathName }) {
    fields.ignore('kind', 'timeout-mins', 'display-name');
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: body,
      models: readModels(fields),
      ...readLimits(fields, fields.list('tools')),
      maxTurns: fields.count('max-turns'),
      temperature: fields.number('temperature'),
      maxOutputTokens: null,
      effort: null,
      skills: [],
    };
  },
  readCommand({ fields, pathName }) {
    const body =
      fields.text('prompt') ?? fields.fail('prompt', 'is missing', 'prompt = "Explain {{args}}"');
    return {
      name: pathName,
      description: fields.text('description'),
      body,
      style: 'braces',
      inputs: [],
      argumentHint: null,
      agent: null,
      models: [],
    };
  },
};
