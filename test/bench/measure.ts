export interface Measure {
  /** What was measured, and what the figure of the mission says of it. */
  figure: string;
  promise: string;
  unit: 'ms' | 'MiB' | 'req/s';
  value: number;
  /** The same by hand, in the same run; null where there is nothing to compare with. */
  reference: number | null;
  ratio: number | null;
}

export type Work = () => Promise<unknown>;

/** Each in turn, so that whatever else the machine does hits both; medians. */
export async function compare(
  figure: string,
  promise: string,
  work: Work,
  reference: Work,
  runs: number,
): Promise<Measure> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < runs + Math.ceil(runs / 5); run++) {
    for (const [index, one] of [work, reference].entries()) {
      const time = await timeOf(one);
      // The first ones warm up.
      if (run >= runs / 5) times[index]?.push(time);
    }
  }
  const [ours, theirs] = times.map((list) => quantile(list, 0.5)) as [number, number];
  return { figure, promise, unit: 'ms', value: ours, reference: theirs, ratio: ours / theirs };
}

export function alone(
  figure: string,
  promise: string,
  value: number,
  unit: Measure['unit'] = 'ms',
): Measure {
  return { figure, promise, unit, value, reference: null, ratio: null };
}

export async function timeOf(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
