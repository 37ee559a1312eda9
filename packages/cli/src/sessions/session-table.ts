import { toUsd, type Session } from '@synapse/core';
import { toDollars, toShortNumber } from '@synapse/core/words';
import { toRelativeTime, toTable, type TableColumn } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import { nameOf } from './name-of.ts';
import { shortIdsOf } from '@synapse/app/sessions/short-ids';

type Column = TableColumn<Session> & {
  /** Below this width of the terminal there is no room for it. */
  readonly fewestColumns?: number;
};

/** Fits the terminal; in a pipe with whole ids, exact times and whole texts, with tabs between them. */
export function toSessionTable(
  sessions: readonly Session[],
  { style, columns }: OutputStyle,
  now: Date,
): string {
  const shortIds = shortIdsOf(sessions.map(({ id }) => id));
  const isPiped = columns === undefined;
  const all: Column[] = [
    { title: 'ID', text: ({ id }) => (isPiped ? id : (shortIds.get(id) ?? id)), paint: style.cyan },
    { title: 'NAME', text: nameOf, isFlexible: true, paint: style.bold },
    {
      title: 'WHEN',
      text: ({ updatedAt }) => (isPiped ? updatedAt.toISOString() : toRelativeTime(updatedAt, now)),
    },
    {
      title: 'MESSAGES',
      text: ({ messageCount }) => String(messageCount),
      align: 'right',
      fewestColumns: 60,
    },
    {
      title: 'TOKENS',
      text: (session) => tokensOf(session, isPiped),
      align: 'right',
      fewestColumns: 70,
    },
    { title: 'COST', text: toSessionCost, align: 'right', fewestColumns: 80 },
    { title: 'MODEL', text: ({ model }) => model ?? '', isFlexible: true, fewestColumns: 80 },
    { title: 'TAGS', text: ({ tags }) => tags.join(', '), isFlexible: true, fewestColumns: 60 },
    { title: 'ORIGIN', text: ({ origin }) => origin ?? '', fewestColumns: 80 },
    { title: 'STATE', text: stateOf, fewestColumns: 50 },
    {
      title: 'PREVIEW',
      text: ({ preview }) => preview ?? '',
      isFlexible: true,
      paint: style.dim,
      fewestColumns: 100,
    },
  ];
  const shown = all.filter(({ title, text, fewestColumns = 0 }) => {
    if (isPiped) return true;
    const isEmpty = ['TAGS', 'ORIGIN', 'STATE'].includes(title) && sessions.every((s) => !text(s));
    return columns >= fewestColumns && !isEmpty;
  });
  return toTable(shown, sessions, { style, columns });
}

const MOST_PER_PAGE = 500;

/** How to see more sessions than the table shows; a cursor is for programs. */
export function describeNextPage(cursor: string, limit: number, { columns }: OutputStyle): string {
  const next = columns === undefined ? `, or pass --cursor ${cursor}` : '';
  return `more available: raise --limit, for example to ${Math.min(MOST_PER_PAGE, limit * 4)}${next}`;
}

function tokensOf({ inputTokens, outputTokens }: Session, isExact: boolean): string {
  const tokens = inputTokens + outputTokens;
  return isExact ? String(tokens) : toShortNumber(tokens);
}

function stateOf({ pinned, archived, deletedAt }: Session): string {
  return [pinned && 'pinned', archived && 'archived', deletedAt && 'in trash']
    .filter(Boolean)
    .join(', ');
}

/** The cost of a session: unknown if no price is known, "≥" if some are missing. */
export function toSessionCost({
  costNanoUsd,
  unpricedCount,
}: Pick<Session, 'costNanoUsd' | 'unpricedCount'>): string {
  if (unpricedCount === 0) return toDollars(toUsd(costNanoUsd));
  return costNanoUsd === 0 ? toDollars(null) : `≥${toDollars(toUsd(costNanoUsd))}`;
}
