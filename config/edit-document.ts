import { isDeepStrictEqual } from 'node:util';

export interface Edit {
  path: readonly string[];
  /** Undefined removes the key. */
  value: unknown;
}

/** The change would have altered other parts of the text, too. */
export class UneditableError extends Error {
  override readonly name = 'UneditableError';
}

type Table = Record<string, unknown>;

/** Changes one key of a TOML text and leaves its comments and layout; returns the new text. */
export async function editDocument(toml: string, { path, value }: Edit): Promise<string> {
  const { parse } = await import('smol-toml');
  const { patch } = await import('@decimalturn/toml-patch');
  const wanted = parse(toml) as Table;
  change(wanted, path, value);
  let edited: string;
  try {
    edited = patch(toml, wanted);
    if (isSame(parse(edited), wanted)) return edited;
  } catch {
    // What can't be written in place may still be written at the end.
  }
  edited = toml + (toml === '' || toml.endsWith('\n') ? '' : '\n') + lineFor(path, value);
  try {
    if (isSame(parse(edited), wanted)) return edited;
  } catch {
    // The table is there already, in a form that can't be added to.
  }
  throw new UneditableError('can only be changed by hand');
}

function isSame(parsed: unknown, wanted: Table): boolean {
  // Compares only JSON values, because parsers give their tables special prototypes.
  return isDeepStrictEqual(toPlain(parsed), toPlain(wanted));
}

function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function change(table: Table, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(table, name);
    else define(table, name, value);
    return;
  }
  const inner = Object.hasOwn(table, name) ? table[name] : undefined;
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
    change(inner as Table, rest, value);
  } else if (value !== undefined) {
    const made: Table = {};
    define(table, name, made);
    change(made, rest, value);
  }
}

/** Defines an own property, even for the name `__proto__`. */
function define(table: Table, name: string, value: unknown): void {
  Object.defineProperty(table, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function lineFor(path: readonly string[], value: unknown): string {
  const name = path.at(-1) ?? '';
  const table = path.slice(0, -1).map(toKey).join('.');
  return `${table === '' ? '' : `\n[${table}]\n`}${toKey(name)} = ${JSON.stringify(value)}\n`;
}

function toKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}
