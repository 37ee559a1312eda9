import * as Flags from '@oclif/core/flags';

/** The flags of every command that lets a model use tools. */
export const agentFlags = {
  tools: Flags.option({ options: ['none', 'read', 'all'] as const })({
    helpGroup: 'TOOLS',
    description: 'which tools the model may use',
  }),
  allow: Flags.string({
    helpGroup: 'TOOLS',
    helpValue: '<rule>',
    multiple: true,
    multipleNonGreedy: true,
    description: 'calls that need no approval, such as "shell: git log *" (repeatable)',
  }),
  yolo: Flags.boolean({
    helpGroup: 'TOOLS',
    description: 'run every tool call without asking, unless the settings deny it',
  }),
  'max-turns': Flags.integer({
    helpGroup: 'TOOLS',
    helpValue: '<number>',
    min: 1,
    description: 'limit of tool-call rounds in this run',
  }),
};
