import type { Session } from '@synapse/core';
import {
  foldCase,
  fromListCursor,
  toListCursor,
  type Page,
  type SessionQuery,
} from '@synapse/core/store-kit';
import { filterByOwner } from './owner.ts';
import { verifiedSession, selectSessions } from './stored-sessions.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function listSessions(tables: Tables, query: SessionQuery): Promise<Page<Session>> {
  const select = selectSessions(tables)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1);
  filterByState(select, query);
  filterByOwner(select, query.owner);
  filterByText(select, tables, query);
  const rows = await select;
  const items = rows.slice(0, query.limit).map((row) => verifiedSession(tables, row));
  const last = items.at(-1);
  return { items, nextCursor: last && rows.length > items.length ? toListCursor(last) : null };
}

type Select = ReturnType<typeof selectSessions>;

function filterByState(select: Select, query: SessionQuery): void {
  const { archived = false, trashed = false, pinned, updatedSince, updatedBefore } = query;
  if (trashed === true) void select.whereNotNull('deleted_at');
  if (trashed === false) void select.whereNull('deleted_at');
  if (archived !== 'any') void select.where('archived', archived ? 1 : 0);
  if (pinned !== undefined) void select.where('pinned', pinned ? 1 : 0);
  if (updatedSince) void select.where('updated_at', '>=', updatedSince.getTime());
  if (updatedBefore) void select.where('updated_at', '<', updatedBefore.getTime());
  if (query.cursor !== undefined) {
    const { updatedAtMs, id } = fromListCursor(query.cursor);
    void select.where('updated_at', '<=', updatedAtMs).where((where) => {
      void where.where('updated_at', '<', updatedAtMs).orWhere('id', '<', id);
    });
  }
}

function filterByText(select: Select, tables: Tables, query: SessionQuery): void {
  const { text, tag, provider, model, workingDirectory, origin } = query;
  if (provider !== undefined) void select.where('provider', toStoredText(provider));
  if (model !== undefined) void select.where('model', toStoredText(model));
  if (origin !== undefined) void select.where('origin', toStoredText(origin));
  if (workingDirectory !== undefined) {
    void select.where('working_directory', toStoredText(workingDirectory));
  }
  if (tag !== undefined) {
    const tagged = tables.from('session_tags').where('tag', toStoredText(tag));
    void select.whereIn('id', tagged.select('session_id'));
  }
  if (text !== undefined) {
    const { positionFunction } = tables.dialect;
    const sql = `${positionFunction}(list_text || preview_text, ?) > 0`;
    void select.whereRaw(sql, [toStoredText(foldCase(text))]);
  }
}
