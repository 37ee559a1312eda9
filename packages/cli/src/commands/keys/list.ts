import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { describeKey, findKeys, type KeyOfProvider } from '@synapse/app/models/find-keys';
import { outputStyleOf } from '../../output/output-style.ts';

export default class KeysList extends BaseCommand {
  static override summary =
    'list the providers that have a key and where it is stored; never the key itself';
  static override examples = ['synapse keys list', 'synapse keys list --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(KeysList);
    const app = await this.openApp(flags);
    const items = (await findKeys(app)).filter(({ source }) => source !== null);
    if (flags.json) {
      this.printJson({ items, nextCursor: null });
      return;
    }
    if (items.length === 0) {
      this.notify('no keys; synapse keys set <provider> stores one');
      return;
    }
    const { toTable } = await import('@synapse/terminal');
    const columns = [
      { title: 'PROVIDER', text: ({ provider }: KeyOfProvider) => provider },
      { title: 'WHERE', text: describeKey, isFlexible: true },
    ];
    process.stdout.write(toTable(columns, items, outputStyleOf(process.stdout, app)));
  }
}
