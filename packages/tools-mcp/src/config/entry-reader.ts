import { ConfigError } from '@synapse/core';
import { expandVariables } from './expand-variables.ts';

export interface EntryPlace {
  /** Names the file, the line and the server: `/x/mcp_servers.json:4: server "git"`. */
  describe(key: string | null): string;
}

/** Reads the keys of one entry, each checked once; all other keys are unknown. */
export class EntryReader {
  readonly #entry: ReadonlyMap<string, unknown>;
  readonly #place: EntryPlace;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #taken = new Set<string>();

  constructor(
    entry: ReadonlyMap<string, unknown>,
    place: EntryPlace,
    environment: NodeJS.ProcessEnv,
  ) {
    this.#entry = entry;
    this.#place = place;
    this.#environment = environment;
  }

  problem(key: string | null, message: string, hint?: string): ConfigError {
    const subject = key === null ? '' : `: "${key}"`;
    return new ConfigError(`${this.#place.describe(key)}${subject} ${message}.`, { hint });
  }

  text(key: string): string | null {
    const value = this.#take(key);
    return value === undefined ? null : this.#expand(key, value);
  }

  textList(key: string): string[] | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (!Array.isArray(value)) throw this.problem(key, 'is not a list of strings');
    return value.map((item) => this.#expand(key, item));
  }

  textTable(key: string): Record<string, string> {
    const value = this.#take(key);
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.problem(key, 'is not a table of strings');
    }
    const entries = Object.entries(value).map(([name, item]) => [
      name,
      this.#expand(`${key}.${name}`, item),
    ]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  flag(key: string): boolean {
    const value = this.#take(key) ?? false;
    if (typeof value !== 'boolean') throw this.problem(key, 'is neither true nor false');
    return value;
  }

  positiveNumber(key: string): number | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    if (typeof value !== 'number' || !(value > 0) || value > 86_400_000) {
      throw this.problem(key, 'is not a number of milliseconds of at most one day');
    }
    return value;
  }

  unknownKeys(): string[] {
    return [...this.#entry.keys()].filter((key) => !this.#taken.has(key));
  }

  #take(key: string): unknown {
    this.#taken.add(key);
    return this.#entry.get(key);
  }

  #expand(key: string, value: unknown): string {
    if (typeof value !== 'string') throw this.problem(key, 'is not a string');
    if (value.includes('\0')) throw this.problem(key, 'holds a NUL character');
    const expansion = expandVariables(value, this.#environment);
    if ('text' in expansion) return expansion.text;
    throw this.problem(
      key,
      `names the variable ${expansion.name}, which is not set`,
      `Set ${expansion.name}, or write \${${expansion.name}:-} where it may be empty.`,
    );
  }
}
