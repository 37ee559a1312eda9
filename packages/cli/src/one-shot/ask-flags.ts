import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';

/** What a one-shot sends, takes back and may cost. */
export const askFlags = {
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
  'system-file': Flags.string({
    helpValue: '<file>',
    description: 'the same as --system, from a file',
    exclusive: ['system'],
  }),
  'dry-run': Flags.boolean({ description: 'show what would be sent, and send nothing' }),
  'max-cost': Flags.string({
    helpValue: '<usd>',
    description: 'the most that the run may cost, in US dollars',
    parse: async (text) =>
      requirePositive(text, /^\d*[.]?\d+$/, '--max-cost takes US dollars, such as 0.05'),
  }),
  timeout: Flags.string({
    helpValue: '<seconds>',
    description: 'time limit for the run',
    parse: async (text) =>
      requirePositive(text, /^\d{1,7}$/, '--timeout takes whole seconds, such as 60'),
  }),
  fork: Flags.boolean({
    description: 'go on with a copy of the session',
    exclusive: ['take-over', 'new'],
  }),
  'take-over': Flags.boolean({
    description: 'go on with the session although another process has it',
    exclusive: ['new'],
  }),
};

function requirePositive(text: string, pattern: RegExp, rule: string): string {
  if (pattern.test(text) && Number(text) > 0) return text;
  throw new UsageError(`${rule}; "${text}" is none.`);
}
