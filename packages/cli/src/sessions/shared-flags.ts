import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';

export const sessionArg = {
  session: Args.string({
    required: true,
    description: 'id, beginning of an id, name, title, last or here',
  }),
};

/** For a command that takes several; the rest is in `argv`. */
export const sessionsArg = {
  session: Args.string({
    required: true,
    description: 'one or more: id, beginning of an id, name, title, last or here',
  }),
};

export const jsonFlag = {
  json: Flags.boolean({ default: false, description: 'print JSON' }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', default: false, description: 'do it without asking' }),
};

export const dryRunFlag = {
  'dry-run': Flags.boolean({ default: false, description: 'only show what would happen' }),
};

export const pageFlags = {
  limit: Flags.integer({ char: 'n', min: 1, max: 500, default: 50, description: 'how many' }),
  cursor: Flags.string({
    helpValue: '<cursor>',
    description: 'go on behind an earlier page: its nextCursor',
  }),
  ...jsonFlag,
};
