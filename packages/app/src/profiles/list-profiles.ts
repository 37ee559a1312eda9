import { SynapseError } from '@synapse/core';
import {
  rankProfiles,
  type Profile,
  type ProfileKind,
  type RankedProfile,
} from '@synapse/core/profiles';
import { openProfiles } from '../wiring/open-profiles.ts';
import type { ProfilesApp } from './collect-options.ts';
import { realRoot } from './project-root.ts';
import { findTrust } from './trust-file.ts';

export interface ListedProfile extends RankedProfile {
  warnings: readonly string[];
  /** The names of fields without a meaning here. */
  unknownFields: readonly string[];
  /** Whether a model may get it: it is the user's own, or its folder is trusted. */
  isTrusted: boolean;
}

/** All profiles of a kind, each read in whole, with what was understood of it. */
export async function listProfiles(app: ProfilesApp, kind: ProfileKind): Promise<ListedProfile[]> {
  const source = await openProfiles(app);
  const isTrusted = findTrust(app, realRoot(app.here))?.isTrusted === true;
  const listed: ListedProfile[] = [];
  for (const entry of rankProfiles(await source.list(kind))) {
    const read = entry.problem === null ? await attempt(() => source.read(entry)) : entry;
    listed.push({
      ...entry,
      problem: read.problem,
      warnings: 'sha256' in read ? read.warnings : [],
      unknownFields: 'sha256' in read ? Object.keys(read.unknownFields) : [],
      isTrusted: isTrusted || entry.origin.scope === 'user',
    });
  }
  return listed;
}

async function attempt(
  read: () => Promise<Profile>,
): Promise<(Profile & { problem: null }) | { problem: string }> {
  try {
    return { ...(await read()), problem: null };
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    return { problem: [error.message, error.hint].filter(Boolean).join(' ') };
  }
}
