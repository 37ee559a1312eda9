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
  all: Flags.boolean({ description: 'every session except those in the trash' }),
  format: Flags.option({ options: exportFormatNames })({
    description: 'the format; by default that of the file name, else json, or ndjson with --all',
  }),
  output: Flags.string({
    char: 'o',
    helpValue: '<file>',
    description: 'the file to write; stdout by default',
  }),
  force: Flags.boolean({ description: 'replace an existing file' }),
  redact: Flags.boolean({ description: 'leave out attachments and likely secrets' }),
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
    throw new UsageError('Name the sessions to export, or pass --all.');
  }
  const file = flags.output === undefined || flags.output === '-' ? null : resolve(flags.output);
  return { file, format: flags.format ?? formatNameFor(file, flags.all) };
}
