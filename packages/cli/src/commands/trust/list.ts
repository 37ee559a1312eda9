import { readTrust, type TrustEntry } from '@synapse/app/profiles/trust-file';
import { BaseCommand } from '../../base-command.ts';
import { outputStyleOf } from '../../output/output-style.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class TrustList extends BaseCommand {
  static override summary = 'list your decisions about folders';
  static override examples = ['synapse trust list', 'synapse trust list --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(TrustList);
    const app = await this.openApp(flags);
    const items = readTrust(app);
    if (flags.json) {
      this.printJson({ items: items.map(({ runs: _, ...entry }) => entry), nextCursor: null });
      return;
    }
    if (items.length === 0) {
      this.notify('no decisions yet; synapse trust add trusts this folder');
      return;
    }
    const { toTable } = await import('@synapse/terminal');
    const columns = [
      { title: 'FOLDER', text: ({ root }: TrustEntry) => root, isFlexible: true },
      { title: 'TRUSTED', text: ({ isTrusted }: TrustEntry) => (isTrusted ? 'yes' : 'no') },
      { title: 'SINCE', text: ({ decidedAt }: TrustEntry) => decidedAt.slice(0, 10) },
    ];
    process.stdout.write(toTable(columns, items, outputStyleOf(process.stdout, app)));
  }
}
