import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base-command.ts';
import { jsonFlag } from '../shared-flags.ts';
import { listAllModels } from '@synapse/app/models/list-all-models';
import { listModels } from '@synapse/app/models/list-models';
import { listenForInterrupts } from '../output/interrupts.ts';
import { outputStyleOf } from '../output/output-style.ts';

export default class Models extends BaseCommand {
  static override summary = 'list the available models with context window, prices and abilities';
  static override description =
    'Lists are cached for a day. Prices are US dollars per million tokens.';
  static override examples = [
    'synapse models',
    'synapse models --provider demo --refresh',
    'synapse models --json',
  ];
  static override flags = {
    provider: Flags.string({
      char: 'p',
      helpValue: '<name>',
      description: 'only models of this provider',
    }),
    refresh: Flags.boolean({ description: 'ask the providers again, and ignore the cached lists' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Models);
    const app = await this.openApp(flags);
    const interrupts = listenForInterrupts();
    try {
      const options = { isRefresh: flags.refresh, signal: interrupts.signal };
      const { models, failures } =
        flags.provider === undefined
          ? await listAllModels(app, options)
          : { models: await listModels(app, flags.provider, options), failures: [] };
      for (const failure of failures) this.notify(failure);
      if (flags.json) {
        this.printJson({ items: models, nextCursor: null });
        return;
      }
      if (models.length === 0) this.notify('no models; synapse providers shows what is missing');
      const { toModelTable } = await import('../models/model-table.ts');
      process.stdout.write(toModelTable(models, outputStyleOf(process.stdout, app)));
    } finally {
      interrupts.stop();
    }
  }
}
