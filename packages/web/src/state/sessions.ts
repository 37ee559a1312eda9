import { computed, signal } from '@preact/signals';
import { get, patch, post, send } from '../api/client.ts';
import type { Page, Session } from '../api/types.ts';
import { tellAction, tellProblem } from './notices.ts';

const PAGE = 50;

export interface Filters {
  text: string;
  tag: string;
  provider: string;
  origin: string;
  workingDirectory: string;
  /** Which list: those in use, archived ones, or the trash. */
  list: 'current' | 'archived' | 'trash';
}

export const noFilters: Filters = {
  ...{ text: '', tag: '', provider: '', origin: '', workingDirectory: '', list: 'current' },
};

export const filters = signal(noFilters);
const loaded = signal<{ pinned: Session[]; others: Session[]; nextCursor: string | null } | null>(
  null,
);
export const listProblem = signal<unknown>(null);

export const pinnedSessions = computed(() => loaded.value?.pinned ?? []);
export const otherSessions = computed(() => loaded.value?.others ?? []);
export const isListLoaded = computed(() => loaded.value !== null);
export const hasMore = computed(() => (loaded.value?.nextCursor ?? null) !== null);

/** Values to filter by, of the sessions that have been seen. */
export const knownValues = computed(() => {
  const all = [...pinnedSessions.value, ...otherSessions.value];
  const distinct = (values: (string | null)[]) =>
    [...new Set(values.filter((value) => value !== null))].sort();
  return {
    tag: distinct(all.flatMap(({ tags }) => tags)),
    provider: distinct(all.map(({ provider }) => provider)),
    origin: distinct(all.map(({ origin }) => origin)),
    workingDirectory: distinct(all.map(({ workingDirectory }) => workingDirectory)),
  };
});

function queryOf({ list, ...words }: Filters) {
  return { ...words, archived: list === 'archived', trashed: list === 'trash' };
}

let newest = 0;

/** Reads as many sessions as are shown already, so that the list keeps its place. */
export async function loadSessions(): Promise<void> {
  const turn = ++newest;
  const query = queryOf(filters.value);
  const limit = Math.min(500, Math.max(PAGE, otherSessions.value.length));
  try {
    const [pinned, others] = await Promise.all([
      get<Page<Session>>('/api/sessions', { ...query, pinned: true, limit: 200 }),
      get<Page<Session>>('/api/sessions', { ...query, pinned: false, limit }),
    ]);
    if (turn !== newest) return;
    loaded.value = {
      ...{ pinned: pinned.items, others: others.items, nextCursor: others.nextCursor },
    };
    listProblem.value = null;
  } catch (error) {
    if (turn === newest) listProblem.value = error;
  }
}

/** Another person may sign in next. */
export function forgetSessions(): void {
  newest += 1;
  loaded.value = null;
  filters.value = noFilters;
}

export async function loadMore(): Promise<void> {
  const before = loaded.value;
  if (!before?.nextCursor) return;
  const turn = newest;
  const query = { ...queryOf(filters.value), pinned: false, limit: PAGE };
  const page = await get<Page<Session>>('/api/sessions', { ...query, cursor: before.nextCursor });
  if (turn !== newest || loaded.value !== before) return;
  const others = [...before.others, ...page.items];
  loaded.value = { ...before, others, nextCursor: page.nextCursor };
}

export function setFilters(change: Partial<Filters>): void {
  filters.value = { ...filters.value, ...change };
  void loadSessions();
}

export interface SessionEdit {
  title?: string | null;
  pinned?: boolean;
  archived?: boolean;
  addTags?: string[];
  removeTags?: string[];
}

/** Changes a session in place; a failure is shown. */
export async function editSession(session: Session, edit: SessionEdit): Promise<void> {
  try {
    await patch(`/api/sessions/${session.id}`, edit);
    if (edit.archived === true) {
      tellAction('Archived.', 'Undo', () => void editSession(session, { archived: false }));
    }
  } catch (error) {
    tellProblem(error);
  }
  await loadSessions();
}

export async function trashSession(session: Session): Promise<void> {
  try {
    await post(`/api/sessions/${session.id}/trash`);
    tellAction(`“${nameOf(session)}” is in the trash.`, 'Undo', () => void restoreSession(session));
  } catch (error) {
    tellProblem(error);
  }
  await loadSessions();
}

export async function restoreSession(session: Session): Promise<void> {
  await post(`/api/sessions/${session.id}/restore`).catch(tellProblem);
  await loadSessions();
}

export async function purgeSession(session: Session): Promise<void> {
  await send('DELETE', `/api/sessions/${session.id}`, {}).catch(tellProblem);
  await loadSessions();
}

export function nameOf({
  title,
  handle,
  preview,
}: Pick<Session, 'title' | 'handle' | 'preview'>): string {
  return title ?? handle ?? preview?.slice(0, 80) ?? 'New session';
}
