/** The time of an id in milliseconds; the first eight characters alone are the same for a minute. */
const SHORTEST = 13;

/** The beginning of an id, which no session of another millisecond shares. */
export function shortId(id: string): string {
  return id.slice(0, SHORTEST);
}

/** Such a beginning of each id, longer if another id would share it. */
export function shortIdsOf(ids: readonly string[]): Map<string, string> {
  const sorted = [...new Set(ids)].sort();
  return new Map(
    sorted.map((id, index) => {
      const shared = Math.max(
        sharedLength(id, sorted[index - 1] ?? ''),
        sharedLength(id, sorted[index + 1] ?? ''),
      );
      // A dash at the end would look like a mistake.
      const length = Math.max(SHORTEST, id[shared] === '-' ? shared + 2 : shared + 1);
      return [id, id.slice(0, length)];
    }),
  );
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
