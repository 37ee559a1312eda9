import { newId, newMessage, type Store } from '@synapse/core';
import { aLeaseRequest } from './samples.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const today = new Date('2026-03-31T12:00:00Z');

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
  if (state === 'leased') await sessions.acquireLease(id, aLeaseRequest());
  if (state === 'trashed') await sessions.trash(id, daysAgo(sample.trashedDays));
  return id;
}
