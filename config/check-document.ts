import { ConvictSettings, found, type Finding, type Given } from './convict-settings.ts';
import { isLeaf, isTableOf, type Group, type Leaf } from './leaf.ts';
import { nearest } from './nearest.ts';

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Compares a parsed file, or a part of it, with the schema: unknown keys and wrong values. */
export function checkDocument(document: unknown, node: Leaf<unknown> | Group): Finding[] {
  const { given, findings } = matchDocument(document, node);
  return [...findings, ...new ConvictSettings({}, given).check()];
}

/** Finds the setting for each value, and reports values in places without a setting. */
export function matchDocument(
  document: unknown,
  node: Leaf<unknown> | Group,
): { given: Given[]; findings: Finding[] } {
  const given: Given[] = [];
  const findings: Finding[] = [];
  const match = (value: unknown, node: Leaf<unknown> | Group, path: readonly string[]): void => {
    if (isLeaf(node) && !isTableOf(node)) {
      if (!isTable(value)) given.push({ path, leaf: node, value });
      else findings.push({ path, message: `must be ${node.expected}${found(value, node)}` });
      return;
    }
    if (!isTable(value)) {
      findings.push({ path, message: 'must be a table' });
      return;
    }
    const entries = Object.entries(value);
    if (entries.length === 0 && path.length > 0) given.push({ path, leaf: null, value });
    for (const [key, entry] of entries) {
      const child = childOf(node, key);
      if (child) match(entry, child, [...path, key]);
      else findings.push({ path: [...path, key], message: `is not a setting${advice(key, node)}` });
    }
  };
  match(document, node, []);
  return { given, findings };
}

function childOf(node: Leaf<unknown> | Group, key: string): Leaf<unknown> | Group | undefined {
  if (isTableOf(node)) return node.entry;
  return !isLeaf(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

function advice(key: string, group: object): string {
  const similar = nearest(key, Object.keys(group));
  return similar ? `; did you mean "${similar}"?` : '';
}
