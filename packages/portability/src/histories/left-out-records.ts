import { countOf } from '@synapse/core/words';
import type { Skip } from './history.ts';

/** Counts the records of a file that are not part of the conversation, and reports how many there are of each type. */
export class LeftOutRecords {
  readonly #counts = new Map<string, number>();

  add(type: string): void {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
  }

  report(skip: Skip): void {
    for (const [type, count] of this.#counts) {
      const records = countOf(count, 'record');
      skip('file', `left out ${records} of type "${type}": not part of the conversation`);
    }
  }
}
