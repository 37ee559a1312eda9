import * as Args from '@oclif/core/args';
import { InvalidDataError } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { countOverLimit, importFile, overLimitNotice } from '@synapse/app/sessions/import-file';
import { openImport } from '@synapse/app/sessions/open-import';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { importNotices, importSummary } from '../../sessions/import-report.ts';
import { importToJson } from '@synapse/app/sessions/import-to-json';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { dryRunFlag, jsonFlag } from '../../shared-flags.ts';

export default class SessionsImport extends SessionsCommand {
  static override summary = 'import sessions from an export';
  static override description = [
    'Each session is imported completely or not at all. A session that exists already gets the new messages,',
    'the title, tags and pins of the file. If both copies have grown, the new messages of the file become a',
    'fork. You can import a file twice. A file that is damaged anywhere changes nothing.',
  ].join('\n');
  static override examples = [
    'synapse sessions import backup.ndjson',
    'synapse sessions import backup.ndjson --dry-run',
    'ssh desk synapse sessions export --all | synapse sessions import -',
  ];
  static override args = {
    file: Args.string({ required: true, description: 'the exported file; - reads stdin' }),
  };
  static override flags = { ...dryRunFlag, ...jsonFlag };

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsImport);
    const isDryRun = flags['dry-run'];
    const name = args.file === '-' ? 'stdin' : args.file;
    const file = await openImport(args.file, process.stdin);
    const interrupts = listenForInterrupts();
    const { signal } = interrupts;
    try {
      await this.withSessions(flags, async ({ app, store }) => {
        const options = { name, isDryRun, signal };
        const report = await importFile(app, store, file, options);
        if (flags.json) this.printJson({ isDryRun, ...importToJson(report) });
        else {
          for (const notice of importNotices(report)) this.notify(notice);
          this.print(importSummary(report, isDryRun));
        }
        const overLimitCount = await countOverLimit(app, store, report);
        if (overLimitCount > 0) {
          this.notify(overLimitNotice(overLimitCount));
        }
        const refused = report.refused.length;
        if (refused === 0) return;
        throw new InvalidDataError(`${countOf(refused, 'session')} could not be imported.`);
      });
    } finally {
      interrupts.stop();
      await file.close();
    }
  }
}
