import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import { requirePositive } from './conversation-flags.ts';

/** The flags of a single question only. */
export const askFlags = {
  output: Flags.option({ options: ['text', 'json', 'ndjson'] as const })({
    char: 'o',
    default: 'text',
    description: 'the output format',
  }),
  json: Flags.boolean({ description: 'the same as --output json' }),
  file: Flags.string({
    char: 'f',
    helpValue: '<path|url|->',
    description: 'attach text, an image or a PDF (repeatable)',
    multiple: true,
    multipleNonGreedy: true,
  }),
  extract: Flags.boolean({
    char: 'x',
    description: 'print only the first code block of the answer',
    exclusive: ['json', 'schema'],
  }),
  schema: Flags.string({
    helpValue: '<file>',
    description: 'request JSON that fits this JSON Schema, and validate it',
  }),
  command: Flags.string({
    helpGroup: 'PROFILES',
    helpValue: '<name>',
    description: 'make the prompt from this template; the words are its arguments',
  }),
  input: Flags.string({
    helpGroup: 'PROFILES',
    helpValue: '<name=value>',
    description: 'a named input of the template (repeatable)',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['command'],
  }),
  'dry-run': Flags.boolean({ description: 'show the request, and send nothing' }),
  timeout: Flags.string({
    helpValue: '<seconds>',
    description: 'time limit for the run',
    parse: async (text) =>
      requirePositive(text, /^\d{1,7}$/, '--timeout takes whole seconds, such as 60'),
  }),
};

export interface SingleAnswerFlags {
  output: string;
  json: boolean;
  extract: boolean;
  'dry-run': boolean;
  schema?: string | undefined;
  command?: string | undefined;
  file?: string[] | undefined;
}

/** A chat would ignore these flags, so it refuses them. */
export function refuseSingleAnswerFlags(flags: SingleAnswerFlags): void {
  const given = [
    flags.file !== undefined && '--file',
    flags.json && '--json',
    flags.output !== 'text' && '--output',
    flags.extract && '--extract',
    flags.schema !== undefined && '--schema',
    flags.command !== undefined && '--command',
    flags['dry-run'] && '--dry-run',
  ].find((name) => typeof name === 'string');
  if (typeof given !== 'string') return;
  throw new UsageError(`${given} applies to a single question, but no question was given.`, {
    hint:
      given === '--file'
        ? 'Add a question: synapse -f <file> "…". Or attach the file in a chat: /attach <file>'
        : `Add a question, and leave out --repl: synapse ${given} "…"`,
  });
}
