import { countOf } from '@synapse/core/words';
import type { HistoryReceipt } from '@synapse/portability';

/** One line for each record that was left out. */
export function receiptLines({ path, state, skipped }: HistoryReceipt): string[] {
  if (state === 'unknown') return [];
  return skipped.map(({ place, reason }) => `${path}, ${place}: ${reason}`);
}

const MOST_UNKNOWN = 20;

/** The files that have no known format; of many only the first ones. */
export function unknownLines(receipts: readonly HistoryReceipt[]): string[] {
  const unknown = receipts.filter(({ state }) => state === 'unknown');
  const lines = unknown.slice(0, MOST_UNKNOWN).map(({ path }) => `${path} has no known format`);
  const rest = unknown.length - lines.length;
  return rest > 0 ? [...lines, `${rest} more have no known format; --json lists them`] : lines;
}

/** The result of an import in one line. */
export function receiptSummary(receipts: readonly HistoryReceipt[], isDryRun: boolean): string {
  const sum = (name: 'added' | 'extended' | 'forked' | 'unchanged' | 'older' | 'messageCount') =>
    receipts.reduce((total, receipt) => total + receipt[name], 0);
  const files = (state: HistoryReceipt['state']) =>
    receipts.filter((receipt) => receipt.state === state && receipt.path !== '').length;
  const counts = (['added', 'extended', 'forked', 'unchanged'] as const).map(
    (name) => `${sum(name)} ${name}`,
  );
  if (sum('older') > 0) counts.push(`${sum('older')} older`);
  const others = (['unchanged', 'older', 'unknown'] as const)
    .filter((state) => files(state) > 0)
    .map((state) => `${files(state)} ${state === 'unknown' ? 'of unknown format' : state}`);
  const beside = others.length > 0 ? ` (not read: ${others.join(', ')})` : '';
  const read = receipts.filter(({ state, tool }) => state === 'read' && tool !== null).length;
  const verb = isDryRun ? 'would import' : 'imported';
  const messages = countOf(sum('messageCount'), 'message');
  return `${verb} ${messages} from ${countOf(read, 'file')}${beside}; sessions: ${counts.join(', ')}`;
}

export function isDamaged({ skipped }: HistoryReceipt): boolean {
  return skipped.some(({ isDamage }) => isDamage);
}
