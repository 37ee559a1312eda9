import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { nearest } from './nearest.ts';

export interface Finding {
  path: readonly string[];
  message: string;
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Compares a parsed file with the schema: unknown keys and values of the wrong form. */
export function checkDocument(document: unknown, node: Leaf<unknown> | Group): Finding[] {
  return check(document, node, []);
}

function check(value: unknown, node: Leaf<unknown> | Group, path: readonly string[]): Finding[] {
  if (isTableOf(node)) {
    if (!isTable(value)) return [{ path, message: 'must be a table' }];
    return Object.entries(value).flatMap(([name, entry]) =>
      check(entry, node.entry, [...path, name]),
    );
  }
  if (isLeaf(node)) {
    try {
      node.format(value);
      return [];
    } catch {
      return [{ path, message: `must be ${node.expected}${found(value, node)}` }];
    }
  }
  if (!isTable(value)) return [{ path, message: 'must be a table' }];
  return Object.entries(value).flatMap(([key, entry]) => {
    const child = Object.hasOwn(node, key) ? node[key] : undefined;
    if (child) return check(entry, child, [...path, key]);
    const similar = nearest(key, Object.keys(node));
    const advice = similar ? `; did you mean "${similar}"?` : '';
    return [{ path: [...path, key], message: `is not a setting${advice}` }];
  });
}

function found(value: unknown, node: Leaf<unknown>): string {
  if (node.sensitive) return '';
  // A table that stands where none belongs may hold a key.
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? ', not a list' : ', not a table';
  }
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length <= 60 ? `, not ${shown}` : '';
}
