import { findProfile, rankProfiles, type Profile, type ProfileKind } from '@synapse/core/profiles';
import { openProfiles } from '../wiring/open-profiles.ts';
import { entryOfPath } from './choose-agent.ts';
import type { ProfilesApp } from './collect-options.ts';

/** A profile for the user to look at; nothing of it reaches a model, so it needs no trust. */
export async function showProfile<Kind extends ProfileKind>(
  app: Pick<ProfilesApp, 'here' | 'environment' | 'places'>,
  reference: string,
  kind: Kind,
): Promise<Extract<Profile, { kind: Kind }>> {
  const source = await openProfiles(app);
  const named = entryOfPath(app.here, reference, kind);
  const entry = named ?? findProfile(rankProfiles(await source.list(kind)), reference, kind);
  return source.read(entry);
}
