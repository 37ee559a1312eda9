import type { ContextReport } from '@synapse/core/conversation';
import { countOf, toShortNumber } from '@synapse/core/words';
import { toBar, type Style } from '@synapse/terminal';

const BAR_COLUMNS = 20;

/** The meter: what the next request will hold, in lines for people. */
export function contextLines(report: ContextReport, style: Style): string[] {
  const { totalTokens, budgetTokens, windowTokens, isEstimated, summarySeq, leftOutSeq } = report;
  const about = isEstimated ? 'about ' : '';
  const rows: [string, number][] = [
    ['instructions', report.systemTokens],
    toolsOf(report),
    ['summary', report.summaryTokens],
    ['pinned', report.pinnedTokens],
    ['messages', report.messageTokens],
    ['attachments', report.attachmentTokens],
  ];
  const largest = budgetTokens ?? Math.max(1, totalTokens);
  const room = budgetTokens === null ? '' : ` of ${toShortNumber(budgetTokens)}`;
  const share = budgetTokens === null ? '' : ` (${shareOf(report)}%)`;
  const unknown =
    budgetTokens === null ? ', in a window of unknown size; set "context" in [models]' : '';
  const window =
    windowTokens === null
      ? unknown
      : `, in a window of ${toShortNumber(windowTokens)} including the answer`;
  const dropped =
    leftOutSeq > summarySeq ? `messages up to #${leftOutSeq} are left out` : undefined;
  const notes = [
    summarySeq > 0 ? `messages up to #${summarySeq} are sent as a summary` : undefined,
    dropped,
    report.pinnedCount > 0 ? `${countOf(report.pinnedCount, 'message')} pinned` : undefined,
  ].filter((note) => note !== undefined);
  return [
    `The next request holds ${about}${toShortNumber(totalTokens)}${room} tokens${share}${window}:`,
    ...rows.map(([name, tokens]) => {
      const bar = toBar(tokens, largest, BAR_COLUMNS);
      return `  ${name.padEnd(12)} ${toShortNumber(tokens).padStart(6)}  ${style.cyan(bar)}`.trimEnd();
    }),
    `  ${countOf(report.messageCount, 'message')}${notes.map((note) => `; ${note}`).join('')}`,
  ];
}

/** Outside a turn the tools are unknown, but the total of a provider includes them. */
function toolsOf(report: ContextReport): [string, number] {
  const { totalTokens, isEstimated, toolTokens, systemTokens, summaryTokens } = report;
  const { pinnedTokens, messageTokens, attachmentTokens } = report;
  const others = systemTokens + summaryTokens + pinnedTokens + messageTokens + attachmentTokens;
  const isUnknown = toolTokens === 0 && !isEstimated && totalTokens > others;
  return isUnknown ? ['tools, rest', totalTokens - others] : ['tools', toolTokens];
}

/** How full it is, in per cent; null if the size of the window is unknown. */
export function shareOf({ totalTokens, budgetTokens }: ContextReport): number | null {
  if (budgetTokens === null) return null;
  return Math.round((totalTokens / budgetTokens) * 100);
}
