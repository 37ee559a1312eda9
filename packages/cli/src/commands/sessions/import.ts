import * as Args from '@oclif/core/args';
import { findOverLimit, importSessions, InvalidDataError, type ImportReport } from '@synapse/core';
import { countOf } from '@synapse/terminal';
import { toRetentionSettings } from '../../cleanup/to-retention-settings.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { openImport } from '../../sessions/open-import.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { dryRunFlag, jsonFlag } from '../../shared-flags.ts';

export default class SessionsImport extends SessionsCommand {
  static override summary = 'bring back sessions from a JSON export';
  static override description = [
    'Each session comes whole or not at all; one that is here already is left as it is, so that the same',
    'file may be imported twice. A file that is damaged anywhere changes nothing.',
  ].join('\n');
  static override examples = [
    'synapse sessions import backup.json',
    'synapse sessions import backup.json --dry-run',
    'ssh desk synapse sessions export --all | synapse sessions import -',
  ];
  static override args = {
    file: Args.string({ required: true, description: 'the export; - stands for what is piped in' }),
  };
  static override flags = { ...dryRunFlag, ...jsonFlag };

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsImport);
    const isDryRun = flags['dry-run'];
    const file = await openImport(args.file, process.stdin);
    const interrupts = listenForInterrupts();
    try {
      await this.withSessions(flags, async ({ app, store }) => {
        const { signal } = interrupts;
        const report = await importSessions(store, file.read, { isDryRun, signal }).catch(
          (error: unknown) => {
            throw inFile(args.file, error);
          },
        );
        if (flags.json) this.printJson({ isDryRun, ...toJson(report) });
        else this.#tell(report, isDryRun);
        const limits = toRetentionSettings(app.settings);
        const over = await findOverLimit(store.retention, limits, app.clock.now(), report.added);
        if (limits.autoCleanup && over.length > 0) {
          this.say(
            `your limits would send ${countOf(over.length, 'session')} of these to the trash after a day or more; pin them, or raise session.max_sessions or retention_days`,
          );
        }
        if (report.refused.length > 0) {
          throw new InvalidDataError(
            `${countOf(report.refused.length, 'session')} could not be imported.`,
          );
        }
      });
    } finally {
      interrupts.stop();
      await file.close();
    }
  }

  #tell(
    { added, presentIds, messageCount, renamed, refused }: ImportReport,
    isDryRun: boolean,
  ): void {
    for (const { id, handle } of renamed) {
      this.say(`${id} comes without its name "${handle}", which another session has`);
    }
    for (const { id, reason } of refused) this.say(`${id}: ${reason}`);
    const verb = isDryRun ? 'would import' : 'imported';
    this.print(
      `${verb} ${countOf(added.length, 'session')} with ${countOf(messageCount, 'message')}; ${presentIds.length} were here already`,
    );
  }
}

function inFile(path: string, error: unknown): unknown {
  if (!(error instanceof InvalidDataError)) return error;
  return new InvalidDataError(`${path === '-' ? 'stdin' : path}: ${error.message}`, {
    hint:
      error.hint ?? 'A file that "synapse sessions export" has written as JSON can be imported.',
    cause: error,
  });
}

function toJson({ added, presentIds, messageCount, renamed, refused }: ImportReport): object {
  return {
    addedCount: added.length,
    presentCount: presentIds.length,
    refusedCount: refused.length,
    messageCount,
    items: added.map(({ id, handle, title, messageCount }) => ({
      id,
      handle,
      title,
      messageCount,
    })),
    ...{ presentIds, renamed, refused },
    nextCursor: null,
  };
}
