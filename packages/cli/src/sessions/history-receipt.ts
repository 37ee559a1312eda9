import { countOf } from '@synapse/core/words';
import type { HistoryReceipt } from '@synapse/portability';

/** One line for each record that was left out. */
export function receiptLines({ path, tool, skipped }: HistoryReceipt): string[] {
  if (tool === null) return [`${path}: no known format`];
  return skipped.map(({ place, reason }) => `${path}, ${place}: ${reason}`);
}

/** The result of an import in one line. */
export function receiptSummary(receipts: readonly HistoryReceipt[], isDryRun: boolean): string {
  const sum = (name: 'added' | 'extended' | 'forked' | 'unchanged' | 'messageCount') =>
    receipts.reduce((total, receipt) => total + receipt[name], 0);
  const counts = (['added', 'extended', 'forked', 'unchanged'] as const).map(
    (name) => `${sum(name)} ${name}`,
  );
  const read = receipts.filter(({ tool }) => tool !== null).length;
  const verb = isDryRun ? 'would import' : 'imported';
  return `${verb} ${countOf(sum('messageCount'), 'message')} from ${countOf(read, 'file')}; sessions: ${counts.join(', ')}`;
}

export function isDamaged({ skipped }: HistoryReceipt): boolean {
  return skipped.some(({ isDamage }) => isDamage);
}
