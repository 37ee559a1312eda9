import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { toDuration, toShortNumber } from '@synapse/core/words';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { tryProvider } from '@synapse/app/models/try-provider';
import { listenForInterrupts } from '../../output/interrupts.ts';

export default class ProvidersTest extends BaseCommand {
  static override summary = 'send a provider a tiny prompt, and report the time or the failure';
  static override description = 'This is a real call of about twenty tokens.';
  static override examples = [
    'synapse providers test demo',
    'synapse providers test anthropic --model fast --json',
  ];
  static override args = {
    provider: Args.string({ required: true, description: 'the provider to ask' }),
  };
  static override flags = {
    model: Flags.string({ char: 'm', helpValue: '<model>', description: 'the model to ask' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ProvidersTest);
    const app = await this.openApp(flags);
    const interrupts = listenForInterrupts();
    try {
      const choice = { provider: args.provider, model: flags.model ?? null };
      const trial = await tryProvider(app, choice, interrupts.signal);
      if (flags.json) {
        this.printJson({ ok: true, ...trial });
        return;
      }
      const first = toDuration(trial.timeToFirstTokenMs);
      const tokens = `${toShortNumber(trial.inputTokens)} tokens in, ${toShortNumber(trial.outputTokens)} out`;
      this.show(`${trial.provider}/${trial.model} answers`);
      this.show(
        `first words after ${first}, whole answer after ${toDuration(trial.latencyMs)}; ${tokens}`,
      );
    } finally {
      interrupts.stop();
    }
  }
}
