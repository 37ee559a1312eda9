import { UsageError } from '../errors/usage-error.ts';
import { nearestName } from '../nearest-name.ts';
import type { ProfileEntry } from '../ports/profile-source.ts';
import type { ProfileClient, ProfileKind } from './profile.ts';

/** Of files with the same name at the same place, that of the earlier client counts. */
const ranks: Readonly<Record<ProfileClient, number>> = {
  synapse: 0,
  agents: 1,
  claude: 2,
  opencode: 3,
  copilot: 4,
  codex: 5,
  gemini: 6,
};

export interface RankedProfile<Kind extends ProfileKind = ProfileKind> extends ProfileEntry<Kind> {
  /** The path of the file that counts instead; null if this one does. */
  shadowedBy: string | null;
}

/**
 * The entries in their order: the project's before the user's, nearer folders before farther ones,
 * Synapse's own files before those of others. Of one name, the first counts.
 */
export function rankProfiles<Kind extends ProfileKind>(
  entries: readonly ProfileEntry<Kind>[],
): RankedProfile<Kind>[] {
  const order = (a: ProfileEntry, b: ProfileEntry) =>
    Number(a.origin.scope === 'user') - Number(b.origin.scope === 'user') ||
    a.origin.distance - b.origin.distance ||
    ranks[a.origin.client] - ranks[b.origin.client] ||
    compare(a.name, b.name) ||
    compare(a.origin.path, b.origin.path);
  const first = new Map<string, string>();
  return [...entries].sort(order).map((entry) => {
    const shadowedBy = first.get(entry.name) ?? null;
    if (shadowedBy === null) first.set(entry.name, entry.origin.path);
    return { ...entry, shadowedBy };
  });
}

/**
 * The entry that a name, `client:name` or a path means; throws UsageError if there is none. A name
 * that contains a colon itself is found by the whole of it.
 */
export function findProfile<Kind extends ProfileKind>(
  ranked: readonly RankedProfile<Kind>[],
  reference: string,
  kind: Kind,
): RankedProfile<Kind> {
  const found =
    ranked.find(({ name }) => name === reference) ??
    ranked.find(({ name, origin }) => `${origin.client}:${name}` === reference) ??
    ranked.find(({ origin }) => origin.path === reference);
  if (found) return found;
  const names = ranked.map(({ name }) => name);
  const similar = nearestName(reference, names);
  throw new UsageError(`There is no ${kind} "${reference}".`, {
    hint:
      similar === undefined
        ? `Known ${kind}s: ${[...new Set(names)].slice(0, 20).join(', ') || 'none'}.`
        : `Did you mean "${similar}"?`,
  });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
