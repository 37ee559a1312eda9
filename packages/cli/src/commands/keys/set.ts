import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import { readSecret } from '../../keys/read-secret.ts';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { statusOf } from '@synapse/app/models/readiness';

export default class KeysSet extends BaseCommand {
  static override summary = 'store the key of a provider, from a prompt or from stdin';
  static override description =
    'Stored in the keyring of the system if there is one, otherwise in a file that only you can read. A variable\n' +
    'such as ANTHROPIC_API_KEY overrides it.';
  static override examples = ['synapse keys set anthropic', 'synapse keys set openai < key.txt'];
  static override strict = false;
  static override args = {
    provider: Args.string({ required: true, description: 'the provider of the key' }),
  };
  static override flags = {
    file: Flags.boolean({ description: 'store it in the key file, even if there is a keyring' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    refuseKeyInArguments(this.argv);
    const { flags, args } = await this.parse(KeysSet);
    const app = await this.openApp(flags);
    const { name, title, keyVariables } = statusOf(app, args.provider);
    const key = await readSecret(`Key for ${title} (not shown): `, process.stdin);
    const keys = await app.openKeys();
    const place = await keys.set(name, key, { isFile: flags.file });
    const path = place === 'file' ? keys.path : null;
    if (flags.json) this.printJson({ provider: name, place, path });
    else this.show(`stored in ${path === null ? 'the keyring' : `${path}, readable by you alone`}`);
    const stronger = keyVariables.find((variable) => app.environment[variable]);
    if (stronger) this.notify(`${stronger} is set, and overrides this key`);
  }
}

/** Before anything is parsed: no error may repeat what could be a key. */
function refuseKeyInArguments(argv: readonly string[]): void {
  const withValue = new Set(['--database', '--color']);
  const words = argv.filter(
    (word, index) => !word.startsWith('-') && !withValue.has(argv[index - 1] ?? ''),
  );
  if (words.length <= 1) return;
  throw new UsageError('Do not pass a key as an argument.', {
    hint:
      'The history of the shell and the list of processes expose it, so replace that key.\n' +
      'synapse keys set <provider> asks for the key, or reads it from stdin.',
  });
}
