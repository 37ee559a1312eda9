// An unknown number is not 0.
const UNKNOWN = '–';

/** "1 session", "2 sessions" */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** 950, 12.3k, 4.5M */
export function toShortNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  for (const [unit, size] of [
    ['', 1],
    ['k', 1e3],
    ['M', 1e6],
  ] as const) {
    const text = toThreeDigits(value / size);
    if (Math.abs(Number(text)) < 1000) return text + unit;
  }
  return `${toThreeDigits(value / 1e9)}B`;
}

/** $0.0012, $1.50; with as many decimals as the first two significant digits need. */
export function toDollars(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return UNKNOWN;
  if (usd === 0) return '$0.00';
  const places = Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(Math.abs(usd)))));
  return `${usd < 0 ? '-' : ''}$${Math.abs(usd).toFixed(places)}`;
}

/** 850 ms, 2.4 s, 3 min 20 s */
export function toDuration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return UNKNOWN;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** 512 B, 1.5 KiB, 20 MiB */
export function toByteSize(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  while (value >= 1023.5 && units.length > 1) {
    value /= 1024;
    units.shift();
  }
  return `${toThreeDigits(value)} ${units[0] ?? ''}`;
}

function toThreeDigits(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 99.95
    ? value.toFixed(0)
    : value.toFixed(1).replace(/\.0$/, '');
}
