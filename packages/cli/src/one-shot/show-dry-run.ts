import type { AttachmentStore, Store } from '@synapse/core';
import { Toolbox, type TurnTools, type Target } from '@synapse/core/conversation';
import { resolveProvider, type ProviderChoice, type ProviderSetup } from '@synapse/core/models';
import { printJson } from '../output/print-json.ts';
import { ownModels } from '@synapse/app/settings/own-models';
import type { App } from '@synapse/app/wiring';
import { openContext } from '@synapse/app/conversation/open-context';
import { planDryRun } from '@synapse/app/conversation/dry-run';
import { toMessageParts, type Material } from './read-material.ts';
import { renderDryRun } from './render-dry-run.ts';

export interface DryRunOptions {
  material: Material;
  target: Target;
  choice: ProviderChoice;
  tools: TurnTools | undefined;
  isJson: boolean;
}

/** Shows the request that would be sent; nothing of it is sent or stored. */
export async function showDryRun(
  app: App,
  store: Store,
  { material, target, choice, tools, isJson }: DryRunOptions,
): Promise<void> {
  const setup = await resolveSetup(app, choice);
  const attachments = await withMemoryFor(app, store);
  const parts = await toMessageParts(material, attachments);
  const toolbox = tools && (await Toolbox.of(tools, app.logger, new AbortController().signal));
  const context = openContext(
    app,
    { sessions: store.sessions, attachments },
    { id: null, ...target },
    setup,
  );
  const { maxOutputTokens, temperature } = setup;
  const shape = {
    ...{ maxOutputTokens, temperature },
    tools: toolbox?.definitions() ?? [],
    outputSchema: material.schema?.output ?? null,
    added: [{ role: 'user' as const, parts }],
  };
  const request = await context.request(shape, null);
  const plan = planDryRun(setup, request, ownModels(app.settings));
  if (isJson) printJson(process.stdout, { type: 'dry-run', ...plan });
  else process.stdout.write(`${renderDryRun(plan)}\n`);
}

/** Nothing is sent, so a provider that is named needs no key. */
function resolveSetup({ providerSources }: App, choice: ProviderChoice): Promise<ProviderSetup> {
  const isNamed = choice.provider !== null || choice.model?.includes('/') === true;
  return resolveProvider(
    choice,
    isNamed ? { ...providerSources, findStoredKey: async () => 'not-needed' } : providerSources,
  );
}

/** New attachments stay in memory; those of the session are read from the store. */
async function withMemoryFor(
  app: App,
  { attachments: stored }: Pick<Store, 'attachments'>,
): Promise<AttachmentStore> {
  const { attachments: added } = await app.openMemoryStore();
  return {
    put: (attachment) => added.put(attachment),
    get: async (sha256) => (await added.get(sha256)) ?? stored.get(sha256),
  };
}
