import * as Flags from '@oclif/core/flags';

export const jsonFlag = {
  json: Flags.boolean({ default: false, description: 'print JSON' }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', default: false, description: 'do not ask for confirmation' }),
};

export const dryRunFlag = {
  'dry-run': Flags.boolean({ default: false, description: 'only show what would happen' }),
};
