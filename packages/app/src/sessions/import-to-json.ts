import type { ImportReport } from '@synapse/portability';

/** The report of an import as every interface shows it in JSON. */
export function importToJson(report: ImportReport): object {
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
