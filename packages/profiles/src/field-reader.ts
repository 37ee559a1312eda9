import type { JsonObject, JsonValue } from '@synapse/core';
import { FileProblem } from './file-problem.ts';
import type { Fields } from './front-matter.ts';

/**
 * Takes fields by name, whether they are written in kebab, camel or snake case. A value of another kind is
 * a FileProblem with its line; a field that nothing took is unknown.
 */
export class FieldReader {
  readonly path: string;
  readonly warnings: string[];
  readonly #fields: Fields;
  /** By the form of its name that all writings share. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #taken = new Set<string>();

  constructor(path: string, fields: Fields) {
    this.path = path;
    this.#fields = fields;
    this.warnings = [...fields.warnings];
    this.#names = new Map([...fields.values.keys()].map((name) => [toKey(name), name]));
  }

  text(name: string): string | null {
    const value = this.#take(name);
    if (value === null) return null;
    if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.fail(name, 'has to be a text', `${name}: some text`);
  }

  number(name: string): number | null {
    const value = this.#take(name);
    if (value === null) return null;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    return this.fail(name, 'has to be a number', `${name}: 1`);
  }

  /** A whole number above zero. */
  count(name: string): number | null {
    const number = this.number(name);
    if (number === null || (Number.isSafeInteger(number) && number > 0)) return number;
    return this.fail(name, 'has to be a whole number above 0', `${name}: 10`);
  }

  flag(name: string): boolean | null {
    const value = this.#take(name);
    if (value === null || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.fail(name, 'has to be true or false', `${name}: true`);
  }

  /** A list, or a text with commas; null if the field is missing. An empty text is an empty list. */
  list(name: string): string[] | null {
    if (!this.has(name)) return null;
    const value = this.#take(name);
    const items = typeof value === 'string' ? splitList(value) : (value ?? []);
    if (Array.isArray(items) && items.every((item) => typeof item === 'string')) {
      return items.map((item) => item.trim()).filter((item) => item !== '');
    }
    return this.fail(name, 'has to be a list of texts', `${name}: [one, two]`);
  }

  map(name: string): Record<string, unknown> | null {
    const value = this.#take(name);
    if (value === null) return null;
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    return this.fail(name, 'has to be a map', `${name}: { one: value }`);
  }

  has(name: string): boolean {
    return this.#names.has(toKey(name));
  }

  kindOf(name: string): 'map' | 'other' {
    const value = this.#fields.values.get(this.#names.get(toKey(name)) ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'map' : 'other';
  }

  /** Takes a field that is understood, and means nothing here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#take(name);
  }

  /** The fields that were not taken, as JSON. */
  unknown(): JsonObject {
    const entries = [...this.#fields.values].filter(([name]) => !this.#taken.has(name));
    return Object.fromEntries(entries.map(([name, value]) => [name, toJson(value)]));
  }

  fail(name: string, rule: string, form: string): never {
    const written = this.#names.get(toKey(name)) ?? name;
    const line = this.#fields.lines.get(written) ?? null;
    throw new FileProblem(this.path, line, `"${written}" ${rule}.`, `For example: ${form}`);
  }

  #take(name: string): unknown {
    const written = this.#names.get(toKey(name));
    if (written === undefined) return null;
    this.#taken.add(written);
    return this.#fields.values.get(written) ?? null;
  }
}

function toKey(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Commas within parentheses belong to a pattern: `Bash(git log, git diff), Read`. */
function splitList(text: string): string[] {
  const inner = text.trim().replace(/^\[([^[\]]*)\]$/, '$1');
  return inner.split(/,(?![^(]*\))/).map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'));
}

function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}
