import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { schema } from './schema.ts';

/** The names in a dotted key; one with dots or slashes may be quoted: `prices."gpt-5.2".input`. */
export async function parseKey(key: string): Promise<string[]> {
  const { parse } = await import('smol-toml');
  try {
    if (/[\r\n=#]/.test(key)) return key.split('.');
    return namesIn(parse(`${key} = 0`));
  } catch {
    return key.split('.');
  }
}

/** The setting at a path; undefined if the path leads nowhere, or to a group of settings. */
export function findLeaf(path: readonly string[]): Leaf<unknown> | undefined {
  let node: Leaf<unknown> | Group | undefined = schema;
  for (const name of path) {
    if (isTableOf(node)) node = name === '' ? undefined : node.entry;
    else if (isLeaf(node)) return undefined;
    else node = Object.hasOwn(node, name) ? node[name] : undefined;
    if (node === undefined) return undefined;
  }
  return isLeaf(node) ? node : undefined;
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const [entry] = Object.entries(value);
  return entry ? [entry[0], ...namesIn(entry[1])] : [];
}
