import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base-command.ts';
import { jsonFlag } from '../shared-flags.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { failedCheck, type Check } from '@synapse/app/doctor/check';
import { checkProgram } from '../doctor/check-program.ts';
import { checkToJson, renderChecks } from '../doctor/render-checks.ts';
import { checkProviders } from '@synapse/app/doctor/check-providers';
import { checkSettings } from '@synapse/app/doctor/check-settings';
import { checkStore } from '@synapse/app/doctor/check-store';
import type { App } from '@synapse/app/wiring';

export default class Doctor extends BaseCommand {
  static override summary =
    'look at settings, keys, database, files and terminal, and say how to mend them';
  static override description =
    'Changes nothing but a file that it writes and removes to see whether it can, and uses no network unless told to. Ends with 0 unless something fails.';
  static override examples = ['synapse doctor', 'synapse doctor --online', 'synapse doctor --json'];
  static override flags = {
    online: Flags.boolean({ description: 'also ask every provider that has a key' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const checks: Check[] = checkProgram(process.env, new Date());
    let app: App | undefined;
    try {
      app = await this.openApp(flags);
    } catch (error) {
      checks.push(failedCheck('settings', error));
    }
    if (app) {
      checks.push(...checkSettings(app));
      checks.push(...(await checkStore(app)));
      checks.push(...(await checkProviders(app, flags.online)));
    }
    const failed = checks.find(({ code }) => code !== null);
    process.exitCode = failed?.code ? exitCodeOf(failed.code) : 0;
    if (flags.json) {
      const items = checks.map(checkToJson);
      this.printJson({ ok: process.exitCode === 0, items, nextCursor: null });
      return;
    }
    const { color } = flags;
    this.print(renderChecks(checks, { stream: process.stdout, color, environment: process.env }));
  }
}
