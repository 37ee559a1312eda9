import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError, type StorageError } from '@synapse/core';
import { createRedact, exportSessions } from '@synapse/portability';
import { countOf } from '@synapse/core/words';
import { exitCodeOf } from '../../exit-codes.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { exportedSessions } from '../../sessions/exported-sessions.ts';
import { exportFormatNames, formatNameFor, loadFormat } from '@synapse/app/sessions/export-formats';
import { inBlocks } from '../../sessions/in-blocks.ts';
import { MOST_JSON_BYTES } from '@synapse/app/sessions/open-import';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { counted } from '@synapse/app/sessions/counted';
import { writeFileSafely } from '@synapse/app/sessions/write-file-safely';
import { writeToStream } from '../../sessions/write-to-stream.ts';

export default class SessionsExport extends SessionsCommand {
  static override summary = 'write sessions to a file, or to stdout';
  static override usage = '<session …> [flags]';
  static override description = [
    'json and ndjson hold everything, and "sessions import" brings it back; the others are for readers.',
    'ndjson has an object on each line and no limit of size: --all writes it unless you say otherwise.',
    'A file is written whole or not at all, for you alone (0600), and never in the place of another.',
  ].join('\n');
  static override examples = [
    'synapse sessions export my-project --output my-project.md',
    'synapse sessions export --all --output backup.ndjson',
    'synapse sessions export last --format html --redact > talk.html',
  ];
  static override strict = false;
  static override args = {
    session: Args.string({ description: 'one or more: id, name, title, last or here' }),
  };
  static override flags = {
    all: Flags.boolean({ description: 'every session but those in the trash' }),
    format: Flags.option({ options: exportFormatNames })({
      description: 'the format; by itself that of the file name, or json, or ndjson with --all',
    }),
    output: Flags.string({ char: 'o', helpValue: '<file>', description: 'where to; else stdout' }),
    force: Flags.boolean({ description: 'replace a file that is there' }),
    redact: Flags.boolean({ description: 'leave out attachments and what looks like a secret' }),
    'skip-damaged': Flags.boolean({
      description: 'skip damaged sessions and messages, report each, and exit with 74',
    }),
    json: Flags.boolean({ description: 'print JSON about the file that was written' }),
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsExport);
    const references = argv as string[];
    if (flags.all ? references.length > 0 : references.length === 0) {
      throw new UsageError('Say which sessions to export, or --all.');
    }
    const file = flags.output === undefined || flags.output === '-' ? null : resolve(flags.output);
    const formatName = flags.format ?? formatNameFor(file, flags.all);
    await this.withSessions(flags, async ({ app, store }) => {
      const skip = (damage: StorageError) => {
        this.say(`left out: ${damage.message}`);
        process.exitCode = exitCodeOf(damage.code);
      };
      const onDamaged = flags['skip-damaged'] ? skip : undefined;
      const chosen = { references, isAll: flags.all, onDamaged };
      const sessions = counted(await exportedSessions(store, chosen));
      const text = inBlocks(
        exportSessions(store, sessions.items, {
          format: await loadFormat(formatName),
          onDamaged,
          redact: flags.redact ? createRedact(app.secrets()) : undefined,
        }),
      );
      if (file === null) {
        await writeToStream(process.stdout, text);
        return;
      }
      const interrupts = listenForInterrupts();
      const { signal } = interrupts;
      const isForced = flags.force;
      const byteSize = await writeFileSafely(file, text, { isForced, signal }).finally(() =>
        interrupts.stop(),
      );
      const sessionCount = sessions.count();
      if (formatName === 'json' && byteSize > MOST_JSON_BYTES) {
        this.say('an import does not read JSON of more than 256 MiB; --format ndjson has no limit');
      }
      if (flags.json) this.printJson({ file, format: formatName, sessionCount, byteSize });
      else this.say(`wrote ${countOf(sessionCount, 'session')} to ${flags.output}`);
    });
  }
}
