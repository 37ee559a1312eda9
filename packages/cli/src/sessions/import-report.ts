import type { ImportReport } from '@synapse/portability';
import { countOf } from '@synapse/core/words';

/** One line for each imported session that differs from the file. */
export function importNotices({ renamed, forked, refused }: ImportReport): string[] {
  return [
    ...renamed.map(
      ({ id, handle }) =>
        `${id} was imported without its name "${handle}", which another session has`,
    ),
    ...forked.map(
      ({ id, forkedFrom }) =>
        `${forkedFrom} has new messages here and in the file; those of the file are in ${id}`,
    ),
    ...refused.map(({ id, reason }) => `${id}: ${reason}`),
  ];
}

/** The result of an import in one line. */
export function importSummary(report: ImportReport, isDryRun: boolean): string {
  const { added, extended, forked, presentIds, newerIds, refused, messageCount } = report;
  const newer = newerIds.length > 0 ? ` (${newerIds.length} with newer messages here)` : '';
  const counts = [
    `${added.length} added`,
    `${extended.length} extended`,
    `${forked.length} forked`,
    `${presentIds.length} unchanged${newer}`,
    `${refused.length} skipped`,
  ];
  const verb = isDryRun ? 'would import' : 'imported';
  return `${verb} ${countOf(messageCount, 'message')}; sessions: ${counts.join(', ')}`;
}
