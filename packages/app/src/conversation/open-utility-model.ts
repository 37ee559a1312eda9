import type { UtilityModel } from '@synapse/core/conversation';
import { pricesOf, type ProviderSetup } from '@synapse/core/models';
import { ownModels, priceObstacle } from '../settings/own-models.ts';
import type { App, OpenModel } from '../wiring.ts';

/**
 * The model for work outside the conversation: that of the settings. The session's own model is
 * used if none is set, or if a cost limit applies and the other's price is unknown.
 */
export async function openUtilityModel(
  app: Pick<App, 'settings' | 'logger' | 'clock' | 'openModel'>,
  name: string | null,
  usual: OpenModel,
): Promise<UtilityModel & { setup: ProviderSetup }> {
  const choice = { provider: null, model: name, usualProvider: usual.setup.name };
  const chosen = name === null ? usual : await app.openModel(choice);
  const obstacle = name === null ? undefined : priceObstacle(chosen.setup, app.settings);
  if (obstacle)
    app.logger.warn({ model: name }, `the model of the session is used instead: ${obstacle}`);
  const { provider, setup } = obstacle ? usual : chosen;
  return {
    provider,
    setup,
    model: setup.model,
    prices: pricesOf(ownModels(app.settings)),
    clock: app.clock,
  };
}
