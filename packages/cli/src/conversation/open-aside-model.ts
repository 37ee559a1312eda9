import { pricedBy, type AsideModel, type ProviderSetup } from '@synapse/core';
import { ownModels } from '../settings/own-models.ts';
import type { App, OpenModel } from '../wiring.ts';

/** The model that is asked beside a conversation: the one of the settings, or that of the session. */
export async function openAsideModel(
  app: App,
  name: string | null,
  usual: OpenModel,
): Promise<AsideModel & { setup: ProviderSetup }> {
  const choice = { provider: null, model: name, usualProvider: usual.setup.name };
  const { provider, setup } = name === null ? usual : await app.openModel(choice);
  return {
    provider,
    setup,
    model: setup.model,
    costOf: pricedBy(ownModels(app.settings)),
    clock: app.clock,
  };
}
