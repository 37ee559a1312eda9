import type { CommandInput } from '@synapse/core/profiles';
import type { FieldReader } from '../field-reader.ts';
import { markdownPlace, skillPlace, type ProfileFormat } from '../profile-format.ts';
import { readLimits, readModels } from '../read-tools.ts';

const types = ['string', 'number', 'integer', 'boolean'] as const;

/** Synapse's own files. */
export const synapseFormat: ProfileFormat = {
  client: 'synapse',
  places: [
    markdownPlace('agent', '.synapse/agents', '$config/synapse/agents'),
    markdownPlace('command', '.synapse/commands', '$config/synapse/commands', true),
    skillPlace('.synapse/skills', '$config/synapse/skills'),
  ],
  readAgent({ fields, body, pathName }) {
    fields.ignore('metadata');
    const limits = readLimits(fields, fields.list('tools'), fields.list('disallowed-tools') ?? []);
    return {
      name: fields.text('name') ?? pathName,
      description: fields.text('description'),
      prompt: body,
      models: readModels(fields),
      tools: limits.tools,
      // Its own rules are those of the settings, and need no translation.
      deny: [...limits.deny, ...(fields.list('deny') ?? [])],
      ask: fields.list('ask') ?? [],
      maxTurns: fields.count('max-turns'),
      temperature: fields.number('temperature'),
      maxOutputTokens: fields.count('max-output-tokens'),
      effort: fields.text('effort'),
      skills: fields.list('skills') ?? [],
    };
  },
  readCommand({ fields, body, pathName }) {
    fields.ignore('metadata');
    return {
      name: pathName,
      description: fields.text('description'),
      body,
      style: 'named',
      inputs: readInputs(fields),
      argumentHint: fields.text('argument-hint'),
      agent: fields.text('agent'),
      models: readModels(fields),
    };
  },
};

/** `inputs`: names, each with the part of JSON Schema that a line of text can fit. */
function readInputs(fields: FieldReader): CommandInput[] {
  return Object.entries(fields.map('inputs') ?? {}).map(([name, value]) => {
    const schema = (value ?? {}) as Record<string, unknown>;
    const type = types.find((known) => known === (schema.type ?? 'string'));
    const isFitting = /^[\w-]+$/.test(name) && !['args', 'stdin'].includes(name);
    if (typeof schema !== 'object' || Array.isArray(schema) || !type || !isFitting) {
      return fields.fail(
        'inputs',
        `has "${name}", which is not understood`,
        'inputs: { language: { type: string, description: the language, default: English } }',
      );
    }
    const choices = Array.isArray(schema.enum) ? schema.enum.map(String) : null;
    return {
      name,
      type,
      description: toText(schema.description),
      default: toText(schema.default),
      choices,
    };
  });
}

function toText(value: unknown): string | null {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : null;
}
