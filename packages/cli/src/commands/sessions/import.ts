import * as Args from '@oclif/core/args';
import { findOverLimit, InvalidDataError } from '@synapse/core';
import { importSessions, type ImportReport } from '@synapse/portability';
import { countOf } from '@synapse/core/words';
import { toRetentionSettings } from '@synapse/app/cleanup/to-retention-settings';
import { holdLeaseOf } from '@synapse/app/conversation/hold-lease-of';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { openImport } from '@synapse/app/sessions/open-import';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { dryRunFlag, jsonFlag } from '../../shared-flags.ts';

export default class SessionsImport extends SessionsCommand {
  static override summary = 'bring back sessions from an export';
  static override description = [
    'Each session comes whole or not at all. One that is here already gets the messages that are new at its',
    'end, with its title and marks; where it has gone on in both places, the end of the file becomes a fork',
    'of it. The same file may be imported twice. A file that is damaged anywhere changes nothing.',
  ].join('\n');
  static override examples = [
    'synapse sessions import backup.ndjson',
    'synapse sessions import backup.ndjson --dry-run',
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
        const hold = (id: string) => holdLeaseOf(app, store, id);
        const report = await importSessions(store, file.read, { isDryRun, signal, hold }).catch(
          (error: unknown) => {
            throw inFile(args.file, error);
          },
        );
        if (flags.json) this.printJson({ isDryRun, ...toJson(report) });
        else this.#tell(report, isDryRun);
        const limits = toRetentionSettings(app.settings);
        const brought = [...report.added, ...report.forked];
        const over = await findOverLimit(store.retention, limits, app.clock.now(), brought);
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

  #tell(report: ImportReport, isDryRun: boolean): void {
    const { added, extended, forked, presentIds, newerIds, messageCount } = report;
    for (const { id, handle } of report.renamed) {
      this.say(`${id} comes without its name "${handle}", which another session has`);
    }
    for (const { id, forkedFrom } of forked) {
      this.say(`${forkedFrom} has gone on here and in the file; the end in the file is in ${id}`);
    }
    for (const { id, reason } of report.refused) this.say(`${id}: ${reason}`);
    const verb = isDryRun ? 'would import' : 'imported';
    const counts = [
      `${added.length} added`,
      `${extended.length} extended`,
      `${forked.length} forked`,
      `${presentIds.length} unchanged${newerIds.length > 0 ? ` (${newerIds.length} with newer messages here)` : ''}`,
      `${report.refused.length} skipped`,
    ];
    this.print(`${verb} ${countOf(messageCount, 'message')}; sessions: ${counts.join(', ')}`);
  }
}

function inFile(path: string, error: unknown): unknown {
  if (!(error instanceof InvalidDataError)) return error;
  return new InvalidDataError(`${path === '-' ? 'stdin' : path}: ${error.message}`, {
    hint:
      error.hint ??
      'A file that "synapse sessions export" has written as json or ndjson can be imported.',
    cause: error,
  });
}

function toJson(report: ImportReport): object {
  const { added, extended, forked, presentIds, newerIds, messageCount, renamed, refused } = report;
  return {
    addedCount: added.length,
    extendedCount: extended.length,
    forkedCount: forked.length,
    presentCount: presentIds.length,
    refusedCount: refused.length,
    messageCount,
    items: added.map(({ id, handle, title, messageCount }) => ({
      ...{ id, handle, title, messageCount },
    })),
    extended,
    forked: forked.map(({ id, forkedFrom, messageCount }) => ({ id, forkedFrom, messageCount })),
    ...{ presentIds, newerIds, renamed, refused },
    nextCursor: null,
  };
}
