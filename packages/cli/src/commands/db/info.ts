import { countOf, toByteSize } from '@synapse/core/words';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { outputStyleOf } from '../../output/output-style.ts';

export default class DbInfo extends BaseCommand {
  static override summary =
    'show where sessions are stored, their number, and the size of each table';
  static override examples = ['synapse db info', 'synapse db info --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbInfo);
    const app = await this.openApp(flags);
    await this.withStore(app, async ({ maintenance }) => {
      const info = await maintenance.info();
      const sizes = await maintenance.sizes();
      if (flags.json) {
        this.printJson({ ...info, sizes });
        return;
      }
      const { toTable } = await import('@synapse/terminal');
      this.show(`${info.engine} ${info.engineVersion} at ${info.location}`);
      this.show(
        `schema ${info.schemaVersion}, ${countOf(info.sessionCount, 'session')}, ` +
          `${countOf(info.messageCount, 'message')}, ${toByteSize(info.byteSize)}\n`,
      );
      const columns = [
        { title: 'TABLE', text: ({ name }: (typeof sizes)[number]) => name, isFlexible: true },
        {
          title: 'SIZE',
          text: ({ byteSize }: (typeof sizes)[number]) => toByteSize(byteSize),
          align: 'right' as const,
        },
      ];
      process.stdout.write(toTable(columns, sizes, outputStyleOf(process.stdout, app)));
    });
  }
}
