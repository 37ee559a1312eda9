import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readLimits, readModels } from '../read-tools.ts';

const agentOnly = ['color', 'hooks', 'memory', 'background', 'isolation', 'initial-prompt'];

/** Claude Code. `permissionMode`, and the tools that a command would pre-approve, are never taken over. */
export const claudeFormat: ProfileFormat = {
  client: 'claude',
  places: [
    markdownPlace('agent', '.claude/agents', '~/.claude/agents', true),
    markdownPlace('command', '.claude/commands', '~/.claude/commands', true),
    skillPlace('.claude/skills', '~/.claude/skills'),
  ],
  readAgent({ fields, body, pathName }) {
    fields.ignore('permission-mode', ...agentOnly);
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: body,
      models: readModels(fields),
      ...readLimits(fields, fields.list('tools'), fields.list('disallowed-tools') ?? []),
      maxTurns: fields.count('max-turns'),
      temperature: null,
      maxOutputTokens: null,
      effort: fields.text('effort'),
      skills: fields.list('skills') ?? [],
    };
  },
  readCommand({ fields, body, pathName }) {
    fields.ignore(
      'name',
      'allowed-tools',
      'disable-model-invocation',
      'user-invocable',
      'when-to-use',
    );
    return {
      name: pathName,
      description: fields.text('description'),
      body,
      style: 'from-zero',
      inputs: (fields.list('arguments') ?? []).map((name) => {
        return { name, type: 'string', description: null, default: '', choices: null };
      }),
      argumentHint: readHint(fields),
      agent: fields.text('agent'),
      models: readModels(fields),
    };
  },
};

/** `[file]` without quotes is a list in YAML. */
function readHint(fields: Parameters<NonNullable<ProfileFormat['readCommand']>>[0]['fields']) {
  const hint = fields.list('argument-hint');
  return hint === null || hint.length === 0 ? null : hint.join(', ');
}
