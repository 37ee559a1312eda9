import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { jsonFlag } from '../shared-flags.ts';

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

export const pageFlags = {
  limit: Flags.integer({
    char: 'n',
    min: 1,
    max: 500,
    default: 50,
    description: 'the number of entries',
  }),
  cursor: Flags.string({
    helpValue: '<cursor>',
    description: 'continue after an earlier page: its nextCursor',
  }),
  ...jsonFlag,
};
