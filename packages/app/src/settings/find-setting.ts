import { findLeaf, leavesOf, nearest, parseKey, schema, type Leaf } from '@synapse/config';
import { UsageError } from '@synapse/core';

export interface FoundSetting {
  path: string[];
  leaf: Leaf<unknown>;
  /** Whether it contains settings under names that the user chose. */
  isTable: boolean;
}

/** The setting of a dotted key; throws a UsageError that suggests a similar one. */
export async function findSetting(key: string): Promise<FoundSetting> {
  const path = await parseKey(key);
  const leaf = findLeaf(path);
  if (leaf) return { path, leaf, isTable: 'entry' in leaf };
  const keys = leavesOf(schema).map(([name]) => name);
  const inside = keys.filter((name) => name.startsWith(`${key}.`));
  const similar = keys.find((name) => name.endsWith(`.${key}`)) ?? nearest(key, keys);
  throw new UsageError(`"${key.slice(0, 80)}" is not a setting.`, {
    hint:
      inside.length > 0
        ? `Its keys: ${inside.join(', ')}`
        : similar
          ? `Did you mean "${similar}"?`
          : 'synapse config list shows every setting.',
  });
}
