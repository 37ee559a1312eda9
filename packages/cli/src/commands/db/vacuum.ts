import { toByteSize } from '@synapse/core/words';
import { BaseCommand } from '../../base-command.ts';
import { showWork } from '../../output/show-work.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class DbVacuum extends BaseCommand {
  static override summary = 'free the disk space of removed data';
  static override description =
    'Other processes may have to wait meanwhile. PostgreSQL keeps most of the space for new data.';
  static override examples = ['synapse db vacuum', 'synapse db vacuum --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbVacuum);
    const app = await this.openApp(flags);
    await this.withStore(app, async ({ maintenance }) => {
      const { byteSize: beforeBytes, engine } = await maintenance.place();
      await showWork('vacuuming', async () => {
        await maintenance.vacuum();
        await maintenance.analyze();
      });
      const { byteSize: afterBytes } = await maintenance.place();
      if (flags.json) {
        this.printJson({ beforeBytes, afterBytes });
        return;
      }
      this.show(`${toByteSize(beforeBytes)} before, ${toByteSize(afterBytes)} now`);
      if (engine === 'postgres') this.notify('the server keeps the free space for new data');
    });
  }
}
