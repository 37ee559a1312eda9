import * as Args from '@oclif/core/args';
import type { StorageError } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { openExport } from '@synapse/app/sessions/open-export';
import { MOST_JSON_BYTES } from '@synapse/app/sessions/open-import';
import { writeFileSafely } from '@synapse/app/sessions/write-file-safely';
import { exitCodeOf } from '../../exit-codes.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { exportFlags, toExportTarget } from '../../sessions/export-flags.ts';
import { resolveSessions } from '../../sessions/resolve-sessions.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { writeToStream } from '../../sessions/write-to-stream.ts';

export default class SessionsExport extends SessionsCommand {
  static override summary = 'write sessions to a file, or to stdout';
  static override usage = '<session …> [flags]';
  static override description = [
    'json and ndjson contain everything, and "sessions import" reads them; markdown, html and text are for people.',
    'atif, openai, sharegpt and opencode are for other programs; a file of atif or opencode holds one session.',
    'ndjson has one object per line and no size limit; it is the default with --all.',
    'A file is written completely or not at all, readable by you alone (0600). It replaces another only with --force.',
  ].join('\n');
  static override examples = [
    'synapse sessions export my-project --output my-project.md',
    'synapse sessions export --all --output backup.ndjson',
    'synapse sessions export last --format html --redact > session.html',
    'synapse sessions export last --output session.atif.json',
  ];
  static override strict = false;
  static override args = {
    session: Args.string({ description: 'one or more: id, name, title, last or here' }),
  };
  static override flags = exportFlags;

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsExport);
    const references = argv as string[];
    const { file, format } = toExportTarget(flags, references);
    await this.withSessions(flags, async ({ app, store }) => {
      const skip = (damage: StorageError) => {
        this.notify(`left out: ${damage.message}`);
        process.exitCode = exitCodeOf(damage.code);
      };
      const { text, sessionCount } = await openExport(app, store, {
        sessions: flags.all ? 'all' : await resolveSessions(store.sessions, references),
        format,
        isRedacted: flags.redact,
        onDamaged: flags['skip-damaged'] ? skip : undefined,
      });
      if (file === null) return writeToStream(process.stdout, text);
      const interrupts = listenForInterrupts();
      const options = { isForced: flags.force, signal: interrupts.signal };
      const byteSize = await writeFileSafely(file, text, options).finally(() => interrupts.stop());
      if (format === 'json' && byteSize > MOST_JSON_BYTES) {
        this.notify('an import rejects JSON above 256 MiB; --format ndjson has no limit');
      }
      const count = sessionCount();
      if (flags.json) this.printJson({ file, format, sessionCount: count, byteSize });
      else this.notify(`wrote ${countOf(count, 'session')} to ${flags.output}`);
    });
  }
}
