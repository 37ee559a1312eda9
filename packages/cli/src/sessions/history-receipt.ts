import { countOf } from '@synapse/core/words';
import type { HistoryReceipt } from '@synapse/portability';

/** One line for each record that was left out. */
export function receiptLines({ path, state, skipped }: HistoryReceipt): string[] {
  if (state === 'unknown' || state === 'companion') return [];
  return skipped.map(({ place, reason }) => `${path}, ${place}: ${reason}`);
}

const MOST_FILES = 20;
const NOT_READ = {
  ...{ unchanged: 'unchanged', older: 'older' },
  ...{ companion: 'beside other files', unknown: 'of unknown format' },
};

/** The files that have no known format; of many only the first ones. Without any other file, those that belong to one. */
export function unreadLines(receipts: readonly HistoryReceipt[]): string[] {
  const isAlone = receipts.every(({ state }) => state === 'companion');
  const unread = receipts.filter(({ state }) => state === 'unknown' || isAlone);
  const lines = unread
    .slice(0, MOST_FILES)
    .flatMap(({ path, skipped }) => skipped.map(({ reason }) => `${path} ${reason}`));
  const rest = unread.length - lines.length;
  return rest > 0 ? [...lines, `${rest} more were not read; --json lists them`] : lines;
}

/** The result of an import in one line. */
export function receiptSummary(receipts: readonly HistoryReceipt[], isDryRun: boolean): string {
  type Count = 'added' | 'extended' | 'forked' | 'unchanged' | 'older' | 'leftOut' | 'messageCount';
  const sum = (name: Count) => receipts.reduce((total, receipt) => total + receipt[name], 0);
  const files = (state: HistoryReceipt['state']) =>
    receipts.filter((receipt) => receipt.state === state && receipt.path !== '').length;
  const counts = (['added', 'extended', 'forked', 'unchanged'] as const).map(
    (name) => `${sum(name)} ${name}`,
  );
  if (sum('older') > 0) counts.push(`${sum('older')} older`);
  if (sum('leftOut') > 0) counts.push(`${sum('leftOut')} left out`);
  const others = (Object.keys(NOT_READ) as (keyof typeof NOT_READ)[])
    .filter((state) => files(state) > 0)
    .map((state) => `${files(state)} ${NOT_READ[state]}`);
  const beside = others.length > 0 ? ` (not read: ${others.join(', ')})` : '';
  const read = receipts.filter(({ state, tool }) => state === 'read' && tool !== null).length;
  const verb = isDryRun ? 'would import' : 'imported';
  const messages = countOf(sum('messageCount'), 'message');
  return `${verb} ${messages} from ${countOf(read, 'file')}${beside}; sessions: ${counts.join(', ')}`;
}

export function isDamaged({ skipped }: HistoryReceipt): boolean {
  return skipped.some(({ isDamage }) => isDamage);
}
