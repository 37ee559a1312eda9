import convict from 'convict';
import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { formats } from './formats.ts';

export interface Finding {
  path: readonly string[];
  message: string;
}

/** A value that the user gave, and its setting; `null` for a table without settings. */
export interface Given {
  path: readonly string[];
  leaf: Leaf<unknown> | null;
  value: unknown;
}

/** The error of a format; convict adds the name of the setting and the value. */
class RefusedValue extends Error {
  declare readonly fullName: string;
  declare readonly value: unknown;
}

interface ConvictNode extends Leaf<unknown> {
  nullable: boolean;
  /** Records the error, because convict joins all errors that it catches into one text. */
  refuse: (error: RefusedValue) => RefusedValue;
}

for (const [name, isValid] of Object.entries(formats)) {
  convict.addFormat({
    name,
    validate(value: unknown, node: convict.SchemaObj) {
      const leaf = node as unknown as ConvictNode;
      if (!isValid(value, leaf)) throw leaf.refuse(new RefusedValue(`must be ${leaf.expected}`));
    },
  });
}

/** Settings in convict's form: it knows the defaults, and its formats check the values. */
export class ConvictSettings {
  readonly #config: convict.Config<object>;
  readonly #given = new Map<string, Given>();
  #refused: RefusedValue[] = [];

  /** The settings of `group`, and the values in tables with names that the user chose. */
  constructor(group: Group, given: readonly Given[]) {
    const nodes = this.#nodesOf(group);
    for (const { path, leaf } of given) {
      const names = namesOf(path);
      const last = names.pop() ?? '';
      let table = nodes;
      for (const name of names) table = (table[name] ??= {}) as Record<string, unknown>;
      table[last] ??= leaf === null ? {} : this.#nodeOf(leaf);
    }
    this.#config = convict(nodes as convict.Schema<object>, { env: {}, args: [] });
    for (const each of given) this.set(each);
  }

  set(given: Given): void {
    if (given.leaf === null) return;
    const name = namesOf(given.path).join('.');
    this.#given.set(name, given);
    this.#config.set(name as never, given.value as never);
  }

  /** The errors in the values. */
  check(): Finding[] {
    this.#refused = [];
    try {
      this.#config.validate({ allowed: 'strict' });
    } catch (error) {
      if (this.#refused.length === 0) throw error;
    }
    return this.#refused.map(({ fullName, value, message }) => {
      const { path = [], leaf = null } = this.#given.get(fullName) ?? {};
      return { path, message: `${message}${leaf === null ? '' : found(value, leaf)}` };
    });
  }

  /** Every setting, with its default if no value was given. */
  values(): Record<string, unknown> {
    return decodeNames(this.#config.getProperties());
  }

  #nodesOf(group: Group): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(group).map(([name, node]) => {
        if (isTableOf(node)) return [encode(name), {}];
        return [encode(name), isLeaf(node) ? this.#nodeOf(node) : this.#nodesOf(node)];
      }),
    );
  }

  #nodeOf(leaf: Leaf<unknown>): ConvictNode {
    const refuse = (error: RefusedValue) => {
      this.#refused.push(error);
      return error;
    };
    return { ...leaf, nullable: leaf.default === null, refuse };
  }
}

/** A value may be checked alone, without a name. */
function namesOf(path: readonly string[]): string[] {
  return path.length === 0 ? ['='] : path.map(encode);
}

// convict splits names at dots, and reserves some names: "default", "__proto__".
function encode(name: string): string {
  return `=${name.replaceAll('=', '=e').replaceAll('.', '=d')}`;
}

function decode(name: string): string {
  return name.slice(1).replaceAll('=d', '.').replaceAll('=e', '=');
}

function decodeNames(table: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]: [string, unknown]) => {
      const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [decode(name), isTable ? decodeNames(value) : value];
    }),
  );
}

/** Describes the value that was found, without showing a possible key. */
export function found(value: unknown, leaf: Leaf<unknown>): string {
  if (leaf.sensitive) return '';
  // A table in a wrong place may contain a key.
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? ', not a list' : ', not a table';
  }
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length <= 60 ? `, not ${shown}` : '';
}
