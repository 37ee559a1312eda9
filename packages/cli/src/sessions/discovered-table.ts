import { toByteSize } from '@synapse/core/words';
import type { FoundHistories } from '@synapse/app/sessions/find-histories';
import { toTable, type TableColumn } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';

/** What the tools of this machine keep, and how much of it is not imported yet. */
export function discoveredTable(
  found: readonly FoundHistories[],
  { style, columns }: OutputStyle,
): string {
  const table: TableColumn<FoundHistories>[] = [
    { title: 'TOOL', text: ({ tool }) => tool, paint: style.cyan },
    { title: 'SESSIONS', text: ({ sessionCount }) => String(sessionCount), align: 'right' },
    { title: 'SIZE', text: ({ byteLength }) => toByteSize(byteLength), align: 'right' },
    { title: 'NEW', text: ({ newSessionCount }) => String(newSessionCount), align: 'right' },
    { title: 'NEW SIZE', text: ({ newByteLength }) => toByteSize(newByteLength), align: 'right' },
    { title: 'PLACE', text: ({ path }) => path, isFlexible: true },
  ];
  return toTable(table, found, { style, columns });
}
