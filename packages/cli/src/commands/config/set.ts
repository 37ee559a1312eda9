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
  static override summary = 'write a setting into the file, and leave the rest of it as it is';
  static override description =
    'Write a list with commas between its texts, or as in the file: \'["a", "b"]\'. Synapse asks for a secret, or reads it from stdin, where the value is -.';
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
    if (stronger) this.say(`${stronger} is set, and stronger than the file`);
    const problems = await findProblems(process.env);
    for (const problem of problems) {
      this.say(`the settings have another problem: ${problem.key ?? ''} ${problem.message}`);
    }
    if (problems.length > 0) return;
    for (const problem of await findUnknownNames(await this.openApp(flags))) {
      this.say(`${problem.key ?? ''}: ${problem.message}`);
    }
  }
}

function secretInArguments({ path }: FoundSetting): UsageError {
  const key = path.join('.');
  const isKey = path.at(-1) === 'api_key';
  return new UsageError(`Do not pass a secret for ${key} as an argument.`, {
    hint: `The history of the shell keeps them. ${
      isKey ? `synapse keys set ${path[1] ?? ''}` : `synapse config set ${key} -`
    } asks for it.`,
  });
}
