/** A moment as it may stand in the name of a file: 20260131T093000123Z */
export function stampOf(date: Date): string {
  return date.toISOString().replaceAll(/[-:.]/g, '');
}
