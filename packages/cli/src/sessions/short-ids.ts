const SHORTEST = 8;

/** The beginning of each id that no other of them shares, at least so many characters. */
export function shortIdsOf(ids: readonly string[], shortest = SHORTEST): Map<string, string> {
  const sorted = [...new Set(ids)].sort();
  return new Map(
    sorted.map((id, index) => {
      const shared = Math.max(
        sharedLength(id, sorted[index - 1] ?? ''),
        sharedLength(id, sorted[index + 1] ?? ''),
      );
      // A dash at the end would look like a slip.
      const length = Math.max(shortest, id[shared] === '-' ? shared + 2 : shared + 1);
      return [id, id.slice(0, length)];
    }),
  );
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
