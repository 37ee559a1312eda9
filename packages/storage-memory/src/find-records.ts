import type { Session } from '@synapse/core';
import { byNewest } from './list-records.ts';

const MAX_FOUND = 10;
const MIN_PREFIX_LENGTH = 4;

export function findSessions(sessions: readonly Session[], reference: string): Session[] {
  const rules: ((session: Session) => boolean)[] = [
    (session) => session.id === reference,
    (session) => session.handle === reference,
    (session) => reference.length >= MIN_PREFIX_LENGTH && session.id.startsWith(reference),
    (session) => session.title === reference,
  ];
  for (const rule of rules) {
    const fits = sessions.filter(rule);
    const living = fits.filter((session) => session.deletedAt === null);
    const found = living.length > 0 ? living : fits;
    if (found.length > 0) return found.sort(byNewest).slice(0, MAX_FOUND);
  }
  return [];
}
