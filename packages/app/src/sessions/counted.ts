/** Items that are counted while they pass. */
export function counted<T>(source: AsyncIterable<T> | Iterable<T>): {
  items: AsyncIterable<T>;
  count: () => number;
} {
  let count = 0;
  return {
    items: (async function* () {
      for await (const item of source) {
        count += 1;
        yield item;
      }
    })(),
    count: () => count,
  };
}
