import { leavesOf, schema } from '@synapse/config';
import { exitCodes } from '../exit-codes.ts';
import { environmentVariables } from './environment-variables.ts';
import { section } from './render-help.ts';

/** Help that belongs to no command. */
export const helpTopics: Readonly<Record<string, { summary: string; text: () => string }>> = {
  'exit-codes': {
    summary: 'the meaning of each exit code',
    text: () =>
      `Every run ends with one of these codes.\n${section('Exit codes', Object.entries(exitCodes))}`,
  },
  environment: {
    summary: 'the variables that Synapse reads',
    text: () =>
      `A flag overrides a variable, and a variable overrides the file.\n${section('Environment', environmentVariables())}`,
  },
  settings: {
    summary: 'every setting of the file',
    text: () =>
      `Settings in ~/.config/synapse/config.toml (TOML). "a.b" is b in the table [a].\n${section(
        'Settings',
        leavesOf(schema).map(([key, { doc, default: value }]) => [
          key,
          `${doc} (${JSON.stringify(value)})`,
        ]),
      )}`,
  },
};
