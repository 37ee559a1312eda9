import * as Flags from '@oclif/core/flags';

/** The flags for agents and instructions, in a single question and in a chat. */
export const profileFlags = {
  agent: Flags.string({
    char: 'a',
    helpGroup: 'PROFILES',
    helpValue: '<name>',
    description: 'begin a new session with this agent',
    exclusive: ['continue', 'fork', 'take-over'],
  }),
  'no-instructions': Flags.boolean({
    helpGroup: 'PROFILES',
    description: 'use no AGENTS.md, and no other instructions from files',
  }),
  trust: Flags.boolean({
    helpGroup: 'PROFILES',
    description: 'trust the files of this folder in this run',
  }),
};
