import { nearest } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { commands, topics } from './command-table.ts';

/** Single words that are commands of other programs, or resemble one here: hardly a question for a model. */
const elsewhere: Readonly<Record<string, string>> = {
  auth: 'synapse keys set <provider>',
  backup: 'synapse db backup',
  export: 'synapse sessions export last',
  history: 'synapse sessions list',
  import: 'synapse sessions import <file>',
  init: 'synapse config init',
  key: 'synapse keys list',
  list: 'synapse sessions list',
  login: 'synapse keys set <provider>',
  logs: 'synapse sessions show last',
  ls: 'synapse sessions list',
  model: 'synapse models',
  provider: 'synapse providers list',
  repl: 'synapse',
  resume: 'synapse -r -c',
  search: 'synapse sessions search <words>',
  session: 'synapse sessions list',
  settings: 'synapse config list',
  setup: 'synapse keys set <provider>',
  stats: 'synapse usage',
  version: 'synapse --version',
};

/** The names of a verb in other programs. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  cat: ['show'],
  clean: ['prune', 'vacuum'],
  cleanup: ['prune'],
  copy: ['fork'],
  del: ['delete', 'remove'],
  delete: ['remove'],
  find: ['search'],
  get: ['show', 'list'],
  grep: ['search'],
  ls: ['list'],
  move: ['rename'],
  remove: ['delete'],
  rm: ['delete', 'remove'],
  show: ['list', 'info'],
  view: ['show'],
};

export function rejectMistypedCommand(argv: readonly string[]): void {
  const [first = '', second = ''] = argv;
  if (argv.length === 1 && Object.hasOwn(elsewhere, first)) {
    throw notACommand(first, `Did you mean "${elsewhere[first]}"?`);
  }
  if (argv.length !== 2) return;
  // `sesions list`: the second word is a verb of the topic that the first one resembles.
  const topic = nearest(first, Object.keys(topics));
  if (topic === undefined || !Object.hasOwn(commands, `${topic} ${second}`)) return;
  throw notACommand(`${first} ${second}`, `Did you mean "synapse ${topic} ${second}"?`);
}

/** The verb that the topic has for one that it does not have. */
export function suggestVerb(verb: string, known: readonly string[]): string | undefined {
  const synonyms = Object.hasOwn(verbs, verb) ? (verbs[verb] ?? []) : [];
  return synonyms.find((synonym) => known.includes(synonym)) ?? nearest(verb, known);
}

function notACommand(words: string, advice: string): UsageError {
  return new UsageError(`"${words}" is not a command.`, {
    hint: `${advice}\nTo send these words to a model: synapse -- ${words}`,
  });
}
