import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import { agentFlags } from '../agent/agent-flags.ts';
import { profileFlags } from './profile-flags.ts';

/** The flags of both a single question and a chat. */
export const conversationFlags = {
  provider: Flags.string({ char: 'p', description: 'the provider to ask' }),
  model: Flags.string({ char: 'm', description: 'the model to ask' }),
  session: Flags.string({
    char: 's',
    helpValue: '<session>',
    description: 'continue this session; a new name creates one',
    exclusive: ['continue', 'new'],
  }),
  continue: Flags.boolean({
    char: 'c',
    description: 'continue the last session',
    exclusive: ['new'],
  }),
  new: Flags.boolean({ description: 'start a new session, whatever SYNAPSE_SESSION says' }),
  fork: Flags.boolean({
    description: 'continue a copy of the session',
    exclusive: ['take-over', 'new'],
  }),
  'take-over': Flags.boolean({
    description: 'continue the session even if another process has it open',
    exclusive: ['new'],
  }),
  ephemeral: Flags.boolean({
    description: 'do not store this session',
    exclusive: ['session', 'continue', 'fork', 'take-over'],
  }),
  system: Flags.string({
    helpValue: '<text>',
    description: 'instructions for the model, in a new session',
  }),
  'system-file': Flags.string({
    helpValue: '<file>',
    description: 'the same as --system, from a file',
    exclusive: ['system'],
  }),
  'max-cost': Flags.string({
    helpValue: '<usd>',
    description: 'cost limit of the run, in US dollars',
    parse: async (text) =>
      requirePositive(text, /^\d*[.]?\d+$/, '--max-cost takes US dollars, such as 0.05'),
  }),
  raw: Flags.boolean({ description: 'print Markdown without rendering it' }),
  plain: Flags.boolean({
    description: 'no spinner and no live redraw, for screen readers and slow connections',
  }),
  quiet: Flags.boolean({
    char: 'q',
    description: 'print only errors to stderr',
    exclusive: ['verbose'],
  }),
  ...profileFlags,
  ...agentFlags,
};

export function requirePositive(text: string, pattern: RegExp, rule: string): string {
  if (pattern.test(text) && Number(text) > 0) return text;
  throw new UsageError(`${rule}; "${text}" is not valid.`);
}
