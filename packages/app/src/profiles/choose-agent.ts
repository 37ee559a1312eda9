import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  findProfile,
  rankProfiles,
  type AgentProfile,
  type ProfileEntry,
  type ProfileKind,
  type RankedProfile,
} from '@synapse/core/profiles';
import { parseChoice, type ProviderChoice } from '@synapse/core/models';
import { SynapseError } from '@synapse/core';
import type { App } from '../wiring.ts';
import { openProfiles } from '../wiring/open-profiles.ts';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { isFolderTrusted, untrusted } from './folder-trust.ts';

/** The agent that a name, `client:name` or a path means. One that comes with a folder needs its trust. */
export async function chooseAgent(
  app: ProfilesApp,
  reference: string,
  options: CollectOptions,
): Promise<AgentProfile> {
  const source = await openProfiles(app);
  const named = entryOfPath(app.here, reference, 'agent');
  const entry =
    named ??
    (await findTrusted(app, await source.list('agent'), { reference, kind: 'agent' }, options));
  const agent = await source.read(entry);
  for (const warning of agent.warnings) options.notify(`agent "${agent.name}": ${warning}`);
  return agent;
}

/** A file that the user names by its path is the user's own choice. */
export function entryOfPath<Kind extends ProfileKind>(
  here: string,
  reference: string,
  kind: Kind,
): Pick<ProfileEntry<Kind>, 'kind' | 'origin'> | undefined {
  const path = resolve(here, reference);
  if (!/[/\\]|\.md$/.test(reference) || !existsSync(path)) return undefined;
  return { kind, origin: { client: 'synapse', scope: 'user', path, distance: 0 } };
}

/** Files of a folder that is not trusted are passed over, as if they were not there. */
export async function findTrusted<Kind extends ProfileKind>(
  app: ProfilesApp,
  entries: readonly ProfileEntry<Kind>[],
  { reference, kind }: { reference: string; kind: Kind },
  options: CollectOptions,
): Promise<RankedProfile<Kind>> {
  const found = findProfile(rankProfiles(entries), reference, kind);
  if (found.origin.scope === 'user') return found;
  if (await isFolderTrusted(app, [`the ${kind} "${found.name}"`], options)) return found;
  const own = rankProfiles(entries.filter(({ origin }) => origin.scope === 'user'));
  try {
    return findProfile(own, reference, kind);
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    throw untrusted(app, `The ${kind} "${found.name}"`);
  }
}

/** The first model of the agent that can be asked here; null, with a notice, if there is none. */
export function preferredModel(
  { providerSources, settings }: Pick<App, 'providerSources' | 'settings'>,
  { name, models }: Pick<AgentProfile, 'name' | 'models'>,
  notify: (text: string) => void,
): ProviderChoice | null {
  for (const model of models) {
    try {
      const { provider, size } = parseChoice({ provider: null, model }, providerSources);
      if (provider === null && size === null) continue;
      return { provider: null, model, usualProvider: settings.provider };
    } catch (error) {
      if (!(error instanceof SynapseError)) throw error;
    }
  }
  if (models.length > 0) {
    notify(
      `agent "${name}": no model is known as ${models.join(', ')}; the default model answers (the table aliases in the settings names models)`,
    );
  }
  return null;
}
