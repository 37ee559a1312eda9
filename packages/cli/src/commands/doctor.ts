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
  static override summary = 'check settings, keys, database, files and terminal, and suggest fixes';
  static override description =
    'Changes nothing, except for a test file that it writes and removes. Uses no network without --online.\n' +
    'Exit code 0 unless a check fails.';
  static override examples = ['synapse doctor', 'synapse doctor --online', 'synapse doctor --json'];
  static override flags = {
    online: Flags.boolean({ description: 'also query every provider that has a key' }),
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
