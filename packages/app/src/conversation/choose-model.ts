import type { Settings } from '@synapse/config';
import { ConfigError, type Session } from '@synapse/core';
import type { Target } from '@synapse/core/conversation';
import { PRESETS, type ProviderChoice } from '@synapse/core/models';
import { shortId } from '../sessions/short-ids.ts';

/** The flag comes first, then the session, then the settings. */
export function chooseModel(
  flags: { provider?: string | undefined; model?: string | undefined },
  target: Target,
  settings: Settings,
): ProviderChoice {
  const usual =
    'id' in target && target.provider !== null
      ? { provider: target.provider, model: target.model }
      : { provider: settings.provider, model: settings.model };
  const { provider = null, model = null } = flags;
  if (provider === null && model === null) {
    if ('id' in target) requireProvider(target, settings);
    return usual;
  }
  if (model === null) return { provider, model: provider === usual.provider ? usual.model : null };
  return { provider, model, usualProvider: usual.provider };
}

function requireProvider({ id, handle, provider }: Session, { providers }: Settings): void {
  const isPreset = PRESETS.some(({ name }) => name === provider);
  if (provider === null || isPreset || Object.hasOwn(providers, provider)) return;
  const reference = handle ?? shortId(id);
  throw new ConfigError(
    `The session "${reference}" uses the provider "${provider}", which is no longer configured.`,
    {
      hint: [
        `Continue it with another model: synapse -s ${reference} --model <provider/model> …`,
        `Or add the provider again, as [providers.${provider}].`,
      ].join('\n'),
    },
  );
}
