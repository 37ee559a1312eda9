import { newId, newMessage, type Store } from '@synapse/core';

const DAY_MS = 24 * 60 * 60 * 1000;
export const today = new Date('2026-03-31T12:00:00Z');
const holder = { host: 'desk', pid: 1, bootId: 'b', processStart: '1' };

export function daysAgo(days: number): Date {
  return new Date(today.getTime() - days * DAY_MS);
}

export interface Sample {
  ageDays: number;
  state: 'plain' | 'pinned' | 'running' | 'leased' | 'archived' | 'trashed';
  trashedDays: number;
}

export async function addSample(
  { sessions }: Pick<Store, 'sessions'>,
  sample: Sample,
): Promise<string> {
  const { state } = sample;
  const createdAt = daysAgo(sample.ageDays);
  const isPinned = state === 'pinned';
  const { id } = await sessions.create({
    id: newId(),
    createdAt,
    pinned: isPinned,
    archived: state === 'archived',
  });
  const status = state === 'running' ? 'running' : 'complete';
  const message = newMessage({ id: newId(), role: 'assistant', parts: [], createdAt, status });
  await sessions.append(id, [message], null);
  const expiresAt = new Date(today.getTime() + 1000);
  if (state === 'leased') await sessions.acquireLease(id, { holder, now: today, expiresAt });
  if (state === 'trashed') await sessions.trash(id, daysAgo(sample.trashedDays));
  return id;
}
