import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import { silentLogger, systemClock } from '@synapse/core';
import { resolveProvider } from '@synapse/core/models';
import { createDemoProvider } from '@synapse/provider-demo';
import type { App, OpenModel } from '../wiring.ts';
import { openUtilityModel } from './open-utility-model.ts';

async function open(name: string | null, limits: Partial<App['settings']['limits']>) {
  const { settings } = await loadSettings({ environment: {} });
  const provider = createDemoProvider({ pause: async () => undefined });
  const openModel = async (model: string): Promise<OpenModel> => {
    const setup = await resolveProvider(
      { provider: null, model },
      {
        ...{ providers: settings.providers, aliases: {}, environment: {} },
        findStoredKey: async () => 'a-key',
        probe: async () => undefined,
      },
    );
    return { setup, provider };
  };
  const app = {
    settings: { ...settings, limits: { ...settings.limits, ...limits } },
    ...{ logger: silentLogger, clock: systemClock },
    openModel: async ({ model }: { model: string | null }) => openModel(model ?? ''),
  };
  return (await openUtilityModel(app, name, await openModel('openai/gpt-5'))).model;
}

describe('openUtilityModel', () => {
  it('asks the model of the settings, or the model of the session if none is set', async () => {
    expect(await open('openai/unheard-of', {})).toBe('unheard-of');
    expect(await open(null, {})).toBe('gpt-5');
  });

  it.each(['max_cost_run', 'max_cost_session', 'max_cost_day'])(
    'skips a model without a price while %s applies',
    async (limit) => {
      expect(await open('openai/unheard-of', { [limit]: 1 })).toBe('gpt-5');
      expect(await open('openai/gpt-6-luna', { [limit]: 1 })).toBe('gpt-6-luna');
    },
  );
});
