import { leavesOf, schema } from '@synapse/config';
import { PRESETS } from '@synapse/core/models';

const others: readonly [string, string][] = [
  ['SYNAPSE_CONFIG', 'The settings file to use.'],
  ['SYNAPSE_SESSION', 'The session of this terminal, which -c continues.'],
  ['XDG_CONFIG_HOME', 'The folder that contains synapse/config.toml and synapse/sessions.db.'],
  ['XDG_STATE_HOME', 'The folder that contains synapse/synapse.log.'],
  ['XDG_CACHE_HOME', 'The folder for compiled code, kept between runs.'],
  ['NO_COLOR', 'Not empty: no colour.'],
  ['FORCE_COLOR', 'Not empty: colour, even without a terminal.'],
  ['PAGER', 'The program that shows long output on a terminal.'],
  ['VISUAL, EDITOR', 'The editor for prompts and the settings.'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'The proxy for providers, and the hosts that bypass it.'],
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
