import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import {
  exportFormatNames,
  formatNameFor,
  type ExportFormatName,
} from '@synapse/app/sessions/export-formats';

/** What to export, in which format and where to. */
export const exportFlags = {
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

/** The file that the flags name, null for stdout, and the format. */
export function toExportTarget(
  flags: { all: boolean; output?: string | undefined; format?: ExportFormatName | undefined },
  references: readonly string[],
): { file: string | null; format: ExportFormatName } {
  if (flags.all ? references.length > 0 : references.length === 0) {
    throw new UsageError('Say which sessions to export, or --all.');
  }
  const file = flags.output === undefined || flags.output === '-' ? null : resolve(flags.output);
  return { file, format: flags.format ?? formatNameFor(file, flags.all) };
}
