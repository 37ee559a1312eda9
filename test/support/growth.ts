const RUNS = 3;

/**
 * How many times longer a work of ten times the size takes: about 10 where it is linear, 100 where it is
 * quadratic. The least of some runs each, as a machine only ever adds to a time.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  return leastTime(() => work(size * 10)) / leastTime(() => work(size));
}

function leastTime(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** More than any machine makes of a linear work, and far less than a quadratic one. */
export const MUCH_GROWTH = 40;
