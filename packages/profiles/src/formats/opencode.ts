import { toToolNames } from '@synapse/core/profiles';
import type { FieldReader } from '../field-reader.ts';
import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readLimits, readModels, toRule } from '../read-tools.ts';

/** opencode. Of its permissions, only those that ask or deny count. */
export const opencodeFormat: ProfileFormat = {
  client: 'opencode',
  places: [
    markdownPlace('agent', '.opencode/agent', '~/.config/opencode/agent', true),
    markdownPlace('agent', '.opencode/agents', '~/.config/opencode/agents', true),
    markdownPlace('command', '.opencode/command', '~/.config/opencode/command', true),
    markdownPlace('command', '.opencode/commands', '~/.config/opencode/commands', true),
    skillPlace('.opencode/skills', '~/.config/opencode/skills'),
  ],
  readAgent({ fields, body, pathName }) {
    fields.ignore('mode', 'color', 'hidden', 'disable', 'top-p');
    const limits = readToolMap(fields);
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: fields.text('prompt') ?? body,
      models: readModels(fields),
      ...readPermissions(fields, limits),
      maxTurns: fields.count('steps') ?? fields.count('max-steps'),
      temperature: fields.number('temperature'),
      maxOutputTokens: null,
      effort: fields.text('reasoning-effort'),
      skills: [],
    };
  },
  readCommand({ fields, body, pathName }) {
    fields.ignore('subtask');
    return {
      name: pathName,
      description: fields.text('description'),
      body: fields.text('template') ?? body,
      style: 'from-one',
      inputs: [],
      argumentHint: null,
      agent: fields.text('agent'),
      models: readModels(fields),
    };
  },
};

/** `tools` was a map of names to true or false; what is false is denied. */
function readToolMap(fields: FieldReader) {
  if (fields.kindOf('tools') !== 'map') return readLimits(fields, fields.list('tools'));
  const tools = Object.entries(fields.map('tools') ?? {});
  const off = tools.filter(([, isOn]) => isOn === false).map(([name]) => name);
  if (!off.includes('*')) return readLimits(fields, null, off);
  const on = tools.filter(([, isOn]) => isOn === true).map(([name]) => name);
  return readLimits(
    fields,
    on,
    off.filter((name) => name !== '*'),
  );
}

/** `permission`: a tool, or patterns of its calls, with `ask`, `allow` or `deny`. */
function readPermissions(fields: FieldReader, limits: ReturnType<typeof readLimits>) {
  const { deny, ask } = limits;
  const permissions = fields.kindOf('permission') === 'map' ? fields.map('permission') : null;
  if (permissions === null) {
    const all = fields.text('permission');
    if (all === 'deny') return { ...limits, tools: [] };
    return all === 'ask' ? { ...limits, ask: ['*'] } : limits;
  }
  const rules = Object.entries(permissions).flatMap(([name, permission]) =>
    (toToolNames(name) ?? []).flatMap((tool) => {
      const patterns =
        typeof permission === 'object' && permission !== null ? permission : { '*': permission };
      return Object.entries(patterns).map(([pattern, verdict]) => {
        return { rule: toRule(tool, pattern), verdict: String(verdict) };
      });
    }),
  );
  const rulesOf = (wanted: string) =>
    rules.filter(({ verdict }) => verdict === wanted).map(({ rule }) => rule);
  return { ...limits, deny: [...deny, ...rulesOf('deny')], ask: [...ask, ...rulesOf('ask')] };
}
