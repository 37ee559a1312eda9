import { UsageError } from '../errors/usage-error.ts';

const RELATIVE = /^(\d{1,5})([hdwmy])$/i;
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/i;

/**
 * Reads a day like `2026-01-31`, which means its beginning in the user's time zone, a moment like
 * `2026-01-31T09:30`, or an age: `12h`, `7d`, `2w`, `3m` for months, `1y`. `name` is the filter or
 * flag that a UsageError names.
 */
export function parseMoment(name: string, value: string, now: Date): Date {
  const moment = toMoment(value, now);
  if (moment && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(`"${value.slice(0, 40)}" is not a valid time for "${name}".`, {
    hint: 'Write a day like 2026-01-31, or how long ago, like 12h, 7d, 2w, 3m (months) or 1y.',
  });
}

function toMoment(value: string, now: Date): Date | undefined {
  const [, amount, unit] = RELATIVE.exec(value) ?? [];
  if (amount && unit) return longAgo(Number(amount), unit.toLowerCase(), now);
  const [, day, time = 'T00:00'] = MOMENT.exec(value) ?? [];
  // Without a zone it is local time; JavaScript would read a day alone as UTC.
  return day && isDay(day) ? new Date(`${day}${time.toUpperCase()}`) : undefined;
}

/** JavaScript turns the thirtieth of February into the second of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function longAgo(amount: number, unit: string, now: Date): Date {
  const date = new Date(now);
  if (unit === 'h') date.setTime(date.getTime() - amount * 3_600_000);
  else if (unit === 'd') date.setDate(date.getDate() - amount);
  else if (unit === 'w') date.setDate(date.getDate() - amount * 7);
  else goBackMonths(date, unit === 'm' ? amount : amount * 12);
  return date;
}

/** A month before the 31st of March is the end of February, not the beginning of March. */
function goBackMonths(date: Date, months: number): void {
  const day = date.getDate();
  date.setMonth(date.getMonth() - months);
  if (date.getDate() !== day) date.setDate(0);
}
