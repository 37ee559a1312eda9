import type { StorePlace } from '@synapse/core';
import { toByteSize, toShortNumber } from '@synapse/core/words';
import { toTable } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import { toSessionCost } from './session-table.ts';
import { tokensOf, type ModelStats, type SessionStats } from '@synapse/app/sessions/session-stats';
import { toOneLine } from './name-of.ts';

export function renderStats(
  stats: SessionStats,
  info: StorePlace,
  outputStyle: OutputStyle,
): string {
  const { total } = stats;
  const facts: [string, string][] = [
    [
      'sessions',
      `${stats.livingCount} (${stats.archivedCount} archived, ${stats.pinnedCount} pinned)`,
    ],
    ['in the trash', String(stats.trashedCount)],
    ['messages', `${total.messageCount} in ${total.turnCount} turns`],
    ['tokens', `${toShortNumber(total.inputTokens)} in, ${toShortNumber(total.outputTokens)} out`],
    ['cost', toSessionCost(total)],
    ['stored in', `${toOneLine(info.location)} (${info.engine}, ${toByteSize(info.byteSize)})`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
  return stats.models.length === 0 ? lines : `${lines}\n${toModelTable(stats.models, outputStyle)}`;
}

function toModelTable(models: readonly ModelStats[], outputStyle: OutputStyle): string {
  return toTable<ModelStats>(
    [
      { title: 'MODEL', text: nameOfModel, isFlexible: true, fewest: 18 },
      { title: 'SESSIONS', text: ({ sessionCount }) => String(sessionCount), align: 'right' },
      { title: 'MESSAGES', text: ({ messageCount }) => String(messageCount), align: 'right' },
      { title: 'TOKENS', text: (model) => toShortNumber(tokensOf(model)), align: 'right' },
      { title: 'COST', text: toSessionCost, align: 'right' },
    ],
    models,
    outputStyle,
  );
}

function nameOfModel({ provider, model }: ModelStats): string {
  return [provider, model].filter(Boolean).join('/') || '(none)';
}
