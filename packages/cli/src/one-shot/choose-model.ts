import type { Settings } from '@synapse/config';
import type { ProviderChoice, Session } from '@synapse/core';
import type { NewSessionWish } from './open-session.ts';

/** What a flag says is meant; then what the session was, then the settings. */
export function chooseModel(
  flags: { provider?: string | undefined; model?: string | undefined },
  session: Session | NewSessionWish,
  settings: Settings,
): ProviderChoice {
  const usual =
    'isNew' in session || session.provider === null
      ? { provider: settings.provider, model: settings.model }
      : { provider: session.provider, model: session.model };
  const { provider = null, model = null } = flags;
  if (provider === null && model === null) return usual;
  if (model === null) return { provider, model: provider === usual.provider ? usual.model : null };
  return { provider, model, usualProvider: usual.provider };
}
