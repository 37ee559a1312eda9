import { failAt, inside, type Place } from './shape.ts';

export type JsonPath = readonly (string | number)[];

interface Frame {
  isArray: boolean;
  /** The key or the index that is being read. */
  key: string | number;
  /** The keys so far, to find a repeated one. */
  keys: Set<string>;
}

const MAX_DEPTH = 500;
const MAX_KEYS = 1_000_000;
const SHOWN_DEPTH = 12;

/** The nested objects and arrays at the place of a scanner. */
export class JsonFrames {
  readonly #frames: Frame[] = [];
  /** Set by the scanner; the frames only pass it on. */
  line = 1;

  get depth(): number {
    return this.#frames.length;
  }

  get innermost(): 'array' | 'object' | undefined {
    const frame = this.#frames.at(-1);
    return frame && (frame.isArray ? 'array' : 'object');
  }

  open(isArray: boolean): void {
    this.#frames.push({ isArray, key: isArray ? 0 : '', keys: new Set() });
    if (this.depth > MAX_DEPTH) failAt(this.place(), `is nested more than ${MAX_DEPTH} deep`);
  }

  close(): void {
    this.#frames.pop();
  }

  /** Moves to the next item of an array. */
  next(): void {
    const frame = this.#frames.at(-1);
    if (typeof frame?.key === 'number') frame.key += 1;
  }

  /** Moves to the value with this key. */
  name(key: string): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    frame.key = key;
    if (frame.keys.has(key)) failAt(this.place(), 'occurs twice');
    if (frame.keys.size >= MAX_KEYS) failAt(this.place(), 'is in an object with too many names');
    frame.keys.add(key);
  }

  path(): JsonPath {
    return this.#frames.map(({ key }) => key);
  }

  place(): Place {
    return this.#frames
      .slice(0, SHOWN_DEPTH)
      .reduce((place: Place, { key }) => (key === '' ? place : inside(place, key)), {
        path: '',
        line: this.line,
      });
  }
}
