import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import { requirePositive } from './conversation-flags.ts';

/** What only a single question takes. */
export const askFlags = {
  output: Flags.option({ options: ['text', 'json', 'ndjson'] as const })({
    char: 'o',
    default: 'text',
    description: 'the form of what is printed',
  }),
  json: Flags.boolean({ description: 'the same as --output json' }),
  file: Flags.string({
    char: 'f',
    helpValue: '<path|url|->',
    description: 'send this along: text, image or PDF; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
  }),
  extract: Flags.boolean({
    char: 'x',
    description: 'print the first code block of the answer alone',
    exclusive: ['json', 'schema'],
  }),
  schema: Flags.string({
    helpValue: '<file>',
    description: 'ask for JSON that fits this JSON Schema, and check it',
  }),
  'dry-run': Flags.boolean({ description: 'show what would be sent, and send nothing' }),
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
  file?: string[] | undefined;
}

/** A conversation would ignore these flags, so it refuses them. */
export function refuseSingleAnswerFlags(flags: SingleAnswerFlags): void {
  const given = [
    flags.file !== undefined && '--file',
    flags.json && '--json',
    flags.output !== 'text' && '--output',
    flags.extract && '--extract',
    flags.schema !== undefined && '--schema',
    flags['dry-run'] && '--dry-run',
  ].find((name) => typeof name === 'string');
  if (typeof given !== 'string') return;
  throw new UsageError(`${given} is for a single question, and there is none.`, {
    hint:
      given === '--file'
        ? 'Say what to do with it: synapse -f <file> "…" — or attach it in the conversation: /attach <file>'
        : `Say something: synapse ${given} "…", and leave out --repl.`,
  });
}
