import * as Args from '@oclif/core/args';
import { findPlaces } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { readSecret } from '../../keys/read-secret.ts';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { changeSetting, parseSetting } from '@synapse/app/settings/change-setting';
import { findProblems, findUnknownNames } from '@synapse/app/settings/find-problems';
import { findSetting, type FoundSetting } from '@synapse/app/settings/find-setting';
import { showable } from '@synapse/app/settings/show-value';

export default class ConfigSet extends BaseCommand {
  static override summary = 'write a setting to the settings file, and leave the rest unchanged';
  static override description =
    'Separate the items of a list with commas, or write it as in the file: \'["a", "b"]\'.\n' +
    'To keep a secret out of the arguments, pass - as the value: Synapse asks for it, or reads stdin.';
  static override examples = [
    'synapse config set session.max_sessions 500',
    'synapse config set fallback openai/gpt-6-sol,ollama/qwen3',
    'synapse config set \'prices."gpt-5.2".input\' 1.75',
  ];
  static override args = {
    key: Args.string({ required: true, description: 'the setting, such as session.max_sessions' }),
    value: Args.string({ required: true, description: 'its value, or - for stdin' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ConfigSet);
    const setting = await findSetting(args.key);
    const { path, leaf } = setting;
    const text =
      args.value === '-' ? await readSecret('Value (not shown): ', process.stdin) : args.value;
    if (leaf.sensitive && args.value !== '-') throw secretInArguments(setting);
    const value = parseSetting(setting, text);
    const file = findPlaces(process.env).configFile;
    await changeSetting({ file, environment: process.env }, path, () => value);
    if (flags.json) this.printJson({ key: args.key, value: showable(value, leaf), file });
    const stronger = leaf.variables.find((name) => process.env[name]);
    if (stronger) this.notify(`${stronger} is set, and overrides the file`);
    const problems = await findProblems(process.env);
    for (const problem of problems) {
      this.notify(`the settings have another problem: ${problem.key ?? ''} ${problem.message}`);
    }
    if (problems.length > 0) return;
    for (const problem of await findUnknownNames(await this.openApp(flags))) {
      this.notify(`${problem.key ?? ''}: ${problem.message}`);
    }
  }
}

function secretInArguments({ path }: FoundSetting): UsageError {
  const key = path.join('.');
  const isKey = path.at(-1) === 'api_key';
  return new UsageError(`Do not pass a secret for ${key} as an argument.`, {
    hint: `The shell would keep it in its history. ${
      isKey ? `synapse keys set ${path[1] ?? ''}` : `synapse config set ${key} -`
    } asks for it.`,
  });
}
