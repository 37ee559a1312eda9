import { NoProviderError } from '@synapse/core';
import type { ProviderChoice } from '@synapse/core/models';
import { isForPrograms, type OutputFlags } from '../one-shot/open-output.ts';
import { createNotices } from '../output/notices.ts';
import type { App, OpenModel } from '@synapse/app/wiring';

const DEMO_WORD = 'using the demo, as you chose; to set up a model: synapse keys set <provider>';

/** Opens the chosen model; if no provider is set up yet, offers the setup to a person at a terminal. */
export async function openModelOrSetUp(
  app: App,
  choice: ProviderChoice,
  flags: Pick<OutputFlags, 'output' | 'json' | 'quiet'>,
): Promise<OpenModel> {
  try {
    return await app.openModel(choice);
  } catch (error) {
    if (!(error instanceof NoProviderError) || !hasInteractiveUser(app, flags)) throw error;
    const { isDemoChosen, rememberDemo } = await import('@synapse/app/models/chosen-demo');
    if (isDemoChosen(app)) {
      createNotices(process.stderr, { isQuiet: flags.quiet }).notify(DEMO_WORD);
      return app.openModel({ ...choice, provider: 'demo' });
    }
    if (flags.quiet) throw error;
    const { offerSetup } = await import('./offer-setup.ts');
    const provider = await offerSetup(app);
    if (provider === null) throw error;
    if (provider === 'demo') rememberDemo(app);
    return app.openModel({ ...choice, provider });
  }
}

function hasInteractiveUser(
  { environment }: App,
  flags: Pick<OutputFlags, 'output' | 'json'>,
): boolean {
  const { stdin, stdout, stderr } = process;
  if (isForPrograms(flags) || environment.CI) return false;
  return stdin.isTTY && stdout.isTTY && stderr.isTTY;
}
