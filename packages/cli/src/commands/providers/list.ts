import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { describeKey } from '@synapse/app/models/find-keys';
import {
  describeReadiness,
  readinessOf,
  readinessToJson,
  type Readiness,
} from '@synapse/app/models/readiness';
import { outputStyleOf } from '../../output/output-style.ts';

export default class ProvidersList extends BaseCommand {
  static override summary = 'list the providers, and what is missing to use each';
  static override examples = ['synapse providers', 'synapse providers list --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ProvidersList);
    const app = await this.openApp(flags);
    const items = await readinessOf(app);
    if (flags.json) {
      this.printJson({ items: items.map(readinessToJson), nextCursor: null });
      return;
    }
    const { toTable } = await import('@synapse/terminal');
    const columns = [
      { title: 'PROVIDER', text: ({ name }: Readiness) => name },
      { title: 'STATE', text: describeReadiness, isFlexible: true, fewest: 24 },
      { title: 'KEY', text: ({ key }: Readiness) => describeKey(key), isFlexible: true },
      { title: 'MODEL', text: ({ model }: Readiness) => model ?? '', isFlexible: true },
      { title: 'ADDRESS', text: ({ baseUrl }: Readiness) => baseUrl ?? '', isFlexible: true },
    ];
    process.stdout.write(toTable(columns, items, outputStyleOf(process.stdout, app)));
  }
}
