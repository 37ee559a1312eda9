import type { Session } from '../api/types.ts';

export interface Day {
  title: string;
  sessions: Session[];
}

/** Sessions in the order of the list, under the day of their last message in local time. */
export function groupByDay(sessions: readonly Session[], now: Date): Day[] {
  const days: Day[] = [];
  for (const session of sessions) {
    const title = nameDay(new Date(session.updatedAt), now);
    const last = days.at(-1);
    if (last?.title === title) last.sessions.push(session);
    else days.push({ title, sessions: [session] });
  }
  return days;
}

export function nameDay(time: Date, now: Date): string {
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const age = Math.round((midnight(now).getTime() - midnight(time).getTime()) / 86_400_000);
  if (age <= 0) return 'Today';
  if (age === 1) return 'Yesterday';
  if (age < 7) return time.toLocaleDateString('en', { weekday: 'long' });
  const isThisYear = time.getFullYear() === now.getFullYear();
  return time.toLocaleDateString('en', {
    ...{ day: 'numeric', month: 'long' },
    ...(!isThisYear && { year: 'numeric' }),
  });
}
