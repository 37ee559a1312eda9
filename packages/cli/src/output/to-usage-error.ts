import { nearest } from '@synapse/config';
import { UsageError } from '@synapse/core';

interface ParserError extends Error {
  /** The unknown flags, or the arguments that are missing or too many. */
  flags?: readonly string[];
  args?: readonly (string | { name: string; description?: string })[];
  parse?: { input?: { flags?: Record<string, unknown> } };
}

type Translation = [RegExp, (found: readonly string[], error: ParserError, id: string) => string];

const translations: readonly Translation[] = [
  [/^Nonexistent flags?: (.*)/, ([flags = '']) => `There is no flag ${flags}.`],
  [/^Flag (\S+) expects one of these values: (.*)/, ([flag, of]) => `${flag} needs a value: ${of}`],
  [/^Flag (\S+) expects a value/, ([flag]) => `${flag} needs a value.`],
  [
    /^Expected (--[\w-]+)=([^]*) to be one of: (.*)/,
    ([flag, value, of]) => `${flag} must be one of: ${of}. "${value}" is not valid.`,
  ],
  [
    /^Parsing (--[\w-]+) \n\tExpected an integer ?([^]*?),? ?but received: ([^]*)/,
    ([flag, range, value]) =>
      `${flag} takes a whole number${range ? ` ${range}` : ''}; "${value}" is not valid.`,
  ],
  [/^Expected ([^]*) to be one of: (.*)/, ([value, of]) => `"${value}" is not one of: ${of}`],
  [
    /(--[\w-]+)=[^]*? cannot also be provided when using (--[\w-]+)/,
    ([one, other]) => `${one} and ${other} cannot be used together.`,
  ],
  [
    /^Missing \d+ required arg/,
    (_found, { args = [] }, id) => `"synapse ${id}" needs ${args.map(toNeed).join(' and ')}.`,
  ],
  [
    /^Unexpected arguments?: ([^]*)/,
    ([words], _error, id) => `"synapse ${id}" does not take "${words}".`,
  ],
];

/** An error of the parser of oclif in our words; other errors are returned unchanged. */
export function toUsageError(error: unknown, id: string): unknown {
  if (error instanceof UsageError) {
    // A check of our own, which the parser has wrapped.
    const [, own] =
      /^Parsing --\S+ \n\t([^]*)\nSee more help with --help$/.exec(error.message) ?? [];
    return own === undefined ? error : new UsageError(own, { hint: error.hint ?? hintFor(id) });
  }
  if (!isParserError(error)) return error;
  const [message = ''] = error.message.split('\nSee more help');
  const hint = similarFlag(error) ?? hintFor(id);
  for (const [pattern, translate] of translations) {
    const found = pattern.exec(message);
    if (found) return new UsageError(translate(found.slice(1), error, id), { hint, cause: error });
  }
  return new UsageError(message, { hint, cause: error });
}

function hintFor(id: string): string {
  return `synapse ${id === 'ask' ? '' : `${id} `}--help shows its arguments and flags.`;
}

function toNeed(argument: string | { name: string; description?: string }): string {
  if (typeof argument === 'string') return argument;
  return `<${argument.name}>${argument.description ? ` (${argument.description})` : ''}`;
}

/** For a flag that does not exist, the one that may be meant. */
function similarFlag({ flags = [], parse }: ParserError): string | undefined {
  const [unknown = ''] = flags;
  if (unknown === '-V') return 'Did you mean "--version"?';
  if (!unknown.startsWith('--')) return undefined;
  const similar = nearest(unknown.slice(2), Object.keys(parse?.input?.flags ?? {}));
  return similar && `Did you mean "--${similar}"?`;
}

/** The parser has no error class that can be checked without loading it; all its errors have this. */
function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'oclif' in error;
}
