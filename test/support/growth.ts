const RUNS = 3;
const FACTOR = 10;

/**
 * How many times longer a work of ten times the size takes: about 10 where it is linear, 100 where it is
 * quadratic. The small one is done ten times, so that both make the same garbage and neither is too short
 * to be measured. The least of some runs each, as whatever else a process does only adds to its time.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  const small = leastTime(() => {
    for (let time = 0; time < FACTOR; time += 1) work(size);
  });
  return leastTime(() => work(size * FACTOR)) / (small / FACTOR);
}

/** The time that this process has computed, to which nothing adds that others do. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function leastTime(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = processorMs();
    work();
    return processorMs() - start;
  });
  return Math.min(...times);
}

/** More than any machine makes of a linear work, and far less than a quadratic one. */
export const MUCH_GROWTH = 40;
