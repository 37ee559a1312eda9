import type { FormatName } from './formats.ts';

/**
 * One setting: its allowed values, their form in an environment variable, and its purpose. The
 * fields `doc`, `default`, `format` and `sensitive` are convict's.
 */
export interface Leaf<T> {
  doc: string;
  default: T;
  /** The format by which convict checks a value. */
  format: FormatName | 'table';
  /** The allowed values, if the format needs them from the setting. */
  choices?: readonly string[];
  min?: number;
  max?: number;
  /** Variables that set it, by precedence. */
  variables: readonly string[];
  /** The right form, in words: "a whole number, 0 or more". */
  expected: string;
  /** Parses the text of a variable or a flag; returns unreadable text unchanged. */
  parse: (text: string) => unknown;
  /** Turns a leading `~` into the home folder. */
  isPath: boolean;
  sensitive: boolean;
  /** A valid value to show if there is no default. */
  example: unknown;
}

/** `[section.<any name>]`: settings of one shape under names that the user chose. */
export interface TableOf<T> extends Leaf<Record<string, T>> {
  entry: Leaf<T> | Group;
  /** The name of an example entry. */
  exampleName: string;
}

export interface Group {
  [key: string]: Leaf<unknown> | Group;
}

interface LeafOptions<T> {
  doc: string;
  default: T;
  env?: readonly string[];
  example?: NonNullable<T>;
}

function leaf<T>(
  options: LeafOptions<T>,
  format: Leaf<T>['format'],
  expected: string,
  parse: (text: string) => unknown = (text) => text,
): Leaf<T> {
  return {
    doc: options.doc,
    default: options.default,
    format,
    variables: options.env ?? [],
    expected,
    parse,
    isPath: false,
    sensitive: false,
    example: options.example,
  };
}

const readNumber = (text: string): unknown =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;

export function text<T extends string | null = string>(options: LeafOptions<T>): Leaf<T> {
  return leaf(options, 'non-empty text', 'text in quotes');
}

export function secret(options: LeafOptions<string | null>): Leaf<string | null> {
  return { ...text(options), sensitive: true };
}

export function path(options: LeafOptions<string | null>): Leaf<string | null> {
  return { ...text(options), expected: 'a path in quotes', isPath: true };
}

export function oneOf<const T extends string>(
  choices: readonly T[],
  options: LeafOptions<NoInfer<T>>,
): Leaf<T>;
export function oneOf<const T extends string>(
  choices: readonly T[],
  options: LeafOptions<NoInfer<T> | null>,
): Leaf<T | null>;
export function oneOf(
  choices: readonly string[],
  options: LeafOptions<string | null>,
): Leaf<string | null> {
  const expected = `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`;
  return { ...leaf(options, 'choice', expected), choices };
}

const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
]);

export function boolean<T extends boolean | null = boolean>(options: LeafOptions<T>): Leaf<T> {
  return leaf(
    options,
    'switch',
    'true or false',
    (text) => BOOLEANS.get(text.trim().toLowerCase()) ?? text,
  );
}

// Timers of Node are limited to 24 days; longer ones fire at once.
export const MAX_SECONDS = 2_000_000;

export function wholeNumber<T extends number | null = number>(
  options: LeafOptions<T> & { min?: number; max?: number },
): Leaf<T> {
  const { min = 0, max = 1_000_000_000 } = options;
  const expected = `a whole number from ${min} to ${max}`;
  return { ...leaf(options, 'whole number', expected, readNumber), min, max };
}

export function decimal<T extends number | null = number>(
  options: LeafOptions<T> & { min?: number; max?: number },
): Leaf<T> {
  const { min = 0, max = 1_000_000 } = options;
  const expected = `a number from ${min} to ${max}`;
  return { ...leaf(options, 'decimal', expected, readNumber), min, max };
}

export function textList(options: LeafOptions<readonly string[]>): Leaf<readonly string[]> {
  return leaf(options, 'list of strings', 'a list of strings: ["…", "…"]', readList);
}

/** Words separated by commas, or a list as in the file: `["a", "b"]`. */
function readList(text: string): unknown {
  if (text.trim().startsWith('[')) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  }
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The entries are checked one by one; see check-document.ts. */
export function tableOf<T>(entry: Leaf<T> | Group, doc: string, exampleName: string): TableOf<T> {
  return {
    ...leaf<Record<string, T>>({ doc, default: {} }, 'table', 'a table'),
    entry,
    exampleName,
  };
}

export function isLeaf(node: Leaf<unknown> | Group): node is Leaf<unknown> {
  return typeof node.format === 'string';
}

export function isTableOf(node: Leaf<unknown> | Group): node is TableOf<unknown> {
  return isLeaf(node) && 'entry' in node;
}
