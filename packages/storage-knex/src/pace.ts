const TARGET_MS = 25;
const MIN_WEIGHT = 10;
// Measured on SQLite with two cores: to remove so many short messages takes some 50 ms.
export const MAX_STEP_WEIGHT = 500;
const BYTES_PER_WEIGHT = 2048;

/** What it takes to remove a row. */
export function weightOf({ bytes }: { bytes: number | null }): number {
  return 1 + (bytes ?? 0) / BYTES_PER_WEIGHT;
}

/** Cuts work into transactions that keep others waiting for about 25 ms each, however busy the machine is. */
export class Pace {
  readonly #maxWeight: number;
  #weight: number;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
    this.#weight = maxWeight;
  }

  /** What the next transaction may have. */
  get weight(): number {
    return this.#weight;
  }

  /** The first items, as many as a transaction should have; one at least. */
  take<T>(items: readonly T[], weigh: (item: T) => number): T[] {
    let weight = 0;
    const end = items.findIndex((item) => (weight += weigh(item)) > this.#weight);
    return items.slice(0, end < 0 ? items.length : Math.max(end, 1));
  }

  /** What a transaction of this weight has taken says how much the next one may have. */
  note(weight: number, heldMs: number): void {
    const fitting = (weight / Math.max(heldMs, 1)) * TARGET_MS;
    this.#weight = Math.min(this.#maxWeight, Math.max(MIN_WEIGHT, Math.floor(fitting)));
  }
}
