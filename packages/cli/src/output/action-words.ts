import type { Failure } from '@synapse/app/failures/describe-failure';

type Action = NonNullable<Failure['action']>;
type Words = { [Name in Action['name']]: (action: Action & { name: Name }) => string };

/** The commands and flags for the actions that core and the adapters only name. */
const words: Words = {
  'begin-session': by('/new'),
  'resume-older-copy': () =>
    'Put the newer database back, or continue in the older copy: resume the session again (/switch), or begin another one (/new).',
  'list-sessions': () => 'synapse sessions list shows all sessions.',
  'restore-session': (action) => by(`synapse sessions restore ${action.session}`)(action),
  'compact-session': () =>
    'synapse context compact <session> and synapse context reset <session> make requests shorter; a model with a larger window accepts more.',
  'reset-context': () =>
    'Start over without the earlier messages: synapse context reset <session>. Or use another model, which gets the messages without the reasoning.',
  'shrink-request': () => '; synapse context compact <session> shortens a session.',
  'raise-timeout': () => 'Raise --timeout or limits.timeout to allow more time.',
  'raise-rounds': () => 'Raise tools.max_rounds or --max-turns to allow more.',
  'choose-model': ({ provider }) => `Give --model, or set model under [providers.${provider}].`,
  'drop-provider': ({ provider }) =>
    `Leave out --provider ${provider}, or name a model of ${provider}.`,
  'try-demo': () => 'To try Synapse without either: synapse --provider demo',
  'use-another-model': by('--model, or "fallback" in the settings.'),
  'set-key': ({ provider }) => `or run: synapse keys set ${provider}`,
  'replace-key': (action) => by(`synapse keys set ${action.provider}`)(action),
  'check-key': ({ provider }) =>
    `synapse keys list shows the source of its key; synapse keys set ${provider} stores another. The key needs permission for the model.`,
  'check-address': ({ provider }) =>
    `synapse providers list shows its base URL; synapse models --provider ${provider} lists its models.`,
  'list-models': (action) => by(`synapse models --provider ${action.provider}`)(action),
  'replace-tool-server': () => 'Replace it with --replace, or choose another name.',
  'trust-folder': by('synapse trust add, or --trust for one run'),
  'check-database': by('synapse db check'),
  'repair-database': () =>
    'synapse db check lists all damage; synapse db restore restores a backup.\nsynapse sessions export --skip-damaged saves all undamaged sessions.',
  'restore-backup': by('synapse db restore <file>'),
  'replace-backup': by('synapse db backup --force'),
  migrate: by('synapse db migrate'),
  'renew-tables': () =>
    'or bring the tables up to date: synapse db migrate\nThen begin another session with /new.',
  'install-driver': () =>
    'If that was blocked, or the Node version has changed, run:\nnpm install -g --allow-scripts=sqlite3 @synapse/cli\nor, in a checkout: npm rebuild sqlite3',
  'open-database': (action) => by(`--database "${action.place}"`)(action),
};

/** The hint, with our command where it names an action. */
export function hintOf({ hint, action }: Pick<Failure, 'hint' | 'action'>): string | undefined {
  if (!action || !hint?.endsWith(action.text)) return hint;
  const write = words[action.name] as (action: Action) => string;
  return hint.slice(0, -action.text.length) + write(action);
}

/** The text of the action, followed by the command. */
function by(command: string): (action: Action) => string {
  return ({ text }) => `${text.replace(/\.$/, '')}: ${command}`;
}
