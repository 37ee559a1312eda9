const TARGET_MS = 25;
const MIN_WEIGHT = 10;
// Measured on SQLite with two cores: removing this many short messages takes some 50 ms.
export const MAX_STEP_WEIGHT = 500;
const BYTES_PER_WEIGHT = 2048;

/** The relative cost of removing a row. */
export function weightOf({ bytes }: { bytes: number | null }): number {
  return 1 + (bytes ?? 0) / BYTES_PER_WEIGHT;
}

/**
 * Splits work into transactions that block other writers for about 25 ms each, however busy the
 * machine is.
 */
export class BatchSizer {
  readonly #maxWeight: number;
  #weight: number;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
    this.#weight = maxWeight;
  }

  /** The weight limit of the next transaction. */
  get weight(): number {
    return this.#weight;
  }

  /** The first items, as many as a transaction should have, but at least one. */
  take<T>(items: readonly T[], weigh: (item: T) => number): T[] {
    let weight = 0;
    const end = items.findIndex((item) => (weight += weigh(item)) > this.#weight);
    return items.slice(0, end < 0 ? items.length : Math.max(end, 1));
  }

  /** Adjusts the limit by the time that a transaction of this weight took. */
  note(weight: number, heldMs: number): void {
    const fitting = (weight / Math.max(heldMs, 1)) * TARGET_MS;
    this.#weight = Math.min(this.#maxWeight, Math.max(MIN_WEIGHT, Math.floor(fitting)));
  }
}
