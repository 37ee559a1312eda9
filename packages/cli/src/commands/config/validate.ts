import { findPlaces } from '@synapse/config';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { findProblems, findUnknownNames } from '@synapse/app/settings/find-problems';

export default class ConfigValidate extends BaseCommand {
  static override summary = 'check the settings, and report every problem with its line';
  static override examples = ['synapse config validate', 'synapse config validate --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigValidate);
    let problems = await findProblems(process.env);
    if (problems.length === 0) problems = await findUnknownNames(await this.openApp(flags));
    if (problems.length === 0) {
      if (flags.json) this.printJson({ ok: true, problems });
      else this.show(`${findPlaces(process.env).configFile} and the environment are valid`);
      return;
    }
    process.exitCode = 78;
    if (flags.json) {
      this.printJson({ ok: false, problems });
      return;
    }
    for (const { source, line, key, message } of problems) {
      this.show(
        `${source}${line === null ? '' : `:${line}`}: ${key === null ? '' : `${key} `}${message}`,
      );
    }
  }
}
