import { placeOf, type Message } from './message.ts';

type Placed = Pick<Message, 'turn' | 'variantOf' | 'active'>;

// A session of any length may be checked: turns further back than this are assumed to be right.
const MOST_TURNS = 100_000;

/** Checks whether the turns of a session fit together, message by message in order. */
export class TurnCheck {
  readonly #turns = new Map<number, Omit<Placed, 'turn'>>();
  readonly #activeIn = new Map<number, number>();
  #hasForgotten = false;

  /** What is wrong with the next message; undefined if nothing is. */
  faultOf({ turn, variantOf, active }: Placed): string | undefined {
    const known = this.#turns.get(turn);
    if (known && (known.active !== active || known.variantOf !== variantOf)) {
      return `contradicts the earlier messages about turn ${turn}`;
    }
    if (known) return undefined;
    if (turn === 0 && (!active || variantOf !== null)) {
      return 'comes before the first question and is not active, or is a variant';
    }
    if (variantOf !== null && !this.#isFirst(variantOf)) {
      return `is a variant of turn ${variantOf}, which does not come before it`;
    }
    const place = placeOf({ turn, variantOf });
    if (active && this.#activeIn.has(place)) {
      return `is active, but so is turn ${this.#activeIn.get(place)} in the same place`;
    }
    this.#turns.set(turn, { variantOf, active });
    if (active) this.#activeIn.set(place, turn);
    this.#forget();
    return undefined;
  }

  #isFirst(turn: number): boolean {
    const known = this.#turns.get(turn);
    return known ? known.variantOf === null : this.#hasForgotten;
  }

  #forget(): void {
    for (const map of [this.#turns, this.#activeIn]) {
      const [oldest] = map.size > MOST_TURNS ? map.keys() : [];
      if (oldest === undefined) continue;
      map.delete(oldest);
      this.#hasForgotten = true;
    }
  }
}
