import { leavesOf, schema } from '@synapse/config';
import { PRESETS } from '@synapse/core/models';

const others: readonly [string, string][] = [
  ['SYNAPSE_CONFIG', 'The settings file to use.'],
  ['SYNAPSE_SESSION', 'The session of this terminal: what -c goes on with.'],
  ['XDG_CONFIG_HOME', 'Where synapse/config.toml and synapse/sessions.db are.'],
  ['XDG_STATE_HOME', 'Where synapse/synapse.log is.'],
  ['XDG_CACHE_HOME', 'Where compiled code is kept between runs.'],
  ['NO_COLOR', 'Not empty: no colour.'],
  ['FORCE_COLOR', 'Not empty: colour, also where there is no terminal.'],
  ['PAGER', 'Shows long output on a terminal.'],
  ['VISUAL, EDITOR', 'Edits what you write and the settings.'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'The proxy to providers, and who needs none.'],
];

/** Every variable that is read, with what it means; the strongest name of a setting first. */
export function environmentVariables(): [string, string][] {
  const settings = leavesOf(schema).flatMap(([key, { variables, doc }]) =>
    variables.map((name): [string, string] => [name, `${key}: ${doc}`]),
  );
  const providers = PRESETS.flatMap(({ title, keyVariables, baseUrlVariables }) => [
    [keyVariables.join(', '), `The key of ${title}.`] as [string, string],
    [baseUrlVariables.join(', '), `The address of ${title}.`] as [string, string],
  ]).filter(([names]) => names !== '');
  return [...settings, ...others, ...providers];
}
