import {
  findLeaf,
  isTableOf,
  leavesOf,
  locateKey,
  schema,
  type Group,
  type Leaf,
  type Origin,
} from '@synapse/config';
import type { App } from '../wiring.ts';
import { readSettingsText } from './settings-file.ts';
import { showable } from './show-value.ts';

export interface ShownSetting {
  key: string;
  /** Without secrets. */
  value: unknown;
  origin: ShownOrigin;
}

export type ShownOrigin =
  | { source: 'default' }
  | { source: 'file'; name: string; line: number | null }
  | { source: 'environment' | 'flag'; name: string };

/** Every setting, including those in tables with names that the user chose, with its source. */
export async function listSettings(app: App): Promise<ShownSetting[]> {
  const leaves = leavesOf(schema).flatMap(([key, leaf]): [string[], Leaf<unknown>][] =>
    isTableOf(leaf)
      ? entriesOf(valueAt(app, key.split('.')), key.split('.'))
      : [[key.split('.'), leaf]],
  );
  return Promise.all(leaves.map(([path, leaf]) => showSetting(app, path, leaf)));
}

export async function showSetting(
  app: App,
  path: readonly string[],
  leaf: Leaf<unknown>,
): Promise<ShownSetting> {
  const key = path.map(toKey).join('.');
  const value = showable(valueAt(app, path) ?? leaf.default, leaf);
  return { key, value, origin: await originOf(app, path) };
}

async function originOf(app: App, path: readonly string[]): Promise<ShownOrigin> {
  const origin: Origin | undefined = app.origins.get(path.join('.'));
  // The source of such a table is that of its first entry.
  const value = origin ? undefined : valueAt(app, path);
  const [name] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (name !== undefined && !Array.isArray(value)) return originOf(app, [...path, name]);
  if (!origin) return { source: 'default' };
  if (origin.source !== 'file') return origin;
  const line = await locateKey(readSettingsText(origin.name), path);
  return { source: 'file', name: origin.name, line };
}

function entriesOf(value: unknown, path: string[]): [string[], Leaf<unknown>][] {
  const leaf = findLeaf(path);
  if (leaf && !isTableOf(leaf)) return [[path, leaf]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Group).flatMap(([name, inner]) =>
    entriesOf(inner, [...path, name]),
  );
}

function valueAt({ settings }: Pick<App, 'settings'>, path: readonly string[]): unknown {
  let value: unknown = settings;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function toKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}

export function describeOrigin(origin: ShownOrigin): string {
  switch (origin.source) {
    case 'default':
      return 'default';
    case 'file':
      return origin.line === null ? origin.name : `${origin.name}:${origin.line}`;
    case 'environment':
      return `variable ${origin.name}`;
    case 'flag':
      return `flag ${origin.name}`;
  }
}
