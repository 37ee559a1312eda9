import { failAt, inside, type Place } from './shape.ts';

export type JsonPath = readonly (string | number)[];

/** What the scanner comes across. Values are whole: a scalar, or all of what is wanted as one. */
export type JsonEvent =
  | { type: 'open'; path: JsonPath; isArray: boolean; place: Place }
  | { type: 'close'; path: JsonPath; place: Place }
  | { type: 'value'; path: JsonPath; value: unknown; place: Place };

interface Frame {
  isArray: boolean;
  /** The key or the index that is being read. */
  key: string | number;
  /** The keys so far, to find one that is there twice. */
  keys: Set<string>;
}

const MAX_DEPTH = 500;
const MAX_VALUES = 1_000_000;
const MAX_UNIT_LENGTH = 128 << 20;
const STRING_STOP = /["\\\u0000-\u001f]/g;
const LITERAL_STOP = /[\s,:[\]{}"]/g;

/**
 * Reads JSON as it comes, in pieces cut anywhere, without ever holding the whole. Strict: depth, size
 * and number of values are bounded, a key may be there once, and what is wrong is told with its place.
 */
export class JsonScanner {
  readonly #isUnit: (path: JsonPath) => boolean;
  readonly #frames: Frame[] = [];
  #expected: 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'nothing' =
    'value';
  #token: 'none' | 'key' | 'string' | 'literal' = 'none';
  #tokenText = '';
  #isEscaped = false;
  #unit: { depth: number; text: string; valueCount: number; place: Place } | undefined;
  #line = 1;
  #events: JsonEvent[] = [];

  /** `isUnit` says which values are to come whole. */
  constructor(isUnit: (path: JsonPath) => boolean) {
    this.#isUnit = isUnit;
  }

  push(chunk: string): JsonEvent[] {
    this.#events = [];
    let index = 0;
    while (index < chunk.length) index = this.#step(chunk, index);
    return this.#events;
  }

  end(): JsonEvent[] {
    this.#events = [];
    if (this.#token === 'literal') this.#endToken();
    if (this.#expected !== 'nothing') failAt(this.#place(), 'is cut off: the file ends in it');
    return this.#events;
  }

  /** Reads on from `index`, and returns until where it has. */
  #step(chunk: string, index: number): number {
    if (this.#token === 'literal') {
      const end = findFrom(LITERAL_STOP, chunk, index);
      this.#take(chunk.slice(index, end));
      if (end < chunk.length) this.#endToken();
      return end;
    }
    if (this.#token !== 'none') return this.#readString(chunk, index);
    const character = chunk.charAt(index);
    if (character === '"') this.#beginString();
    else if (character === '{' || character === '[') this.#open(character);
    else if (character === '}' || character === ']') this.#close(character);
    else if (character === ',' || character === ':') this.#separate(character);
    else if (character === '\n') this.#line += 1;
    else if (character !== ' ' && character !== '\t' && character !== '\r') {
      this.#beginValue(character);
      this.#token = 'literal';
      return index;
    }
    return index + 1;
  }

  #readString(chunk: string, index: number): number {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      this.#take(chunk.charAt(index));
      return index + 1;
    }
    const stop = findFrom(STRING_STOP, chunk, index);
    const character = chunk.charAt(stop);
    this.#take(chunk.slice(index, stop + 1));
    if (character === '"') this.#endToken();
    else if (character === '\\') this.#isEscaped = true;
    else if (character !== '') failAt(this.#place(), 'has a control character in a text');
    return stop + 1;
  }

  #beginString(): void {
    const isKey = this.#expected === 'key' || this.#expected === 'first key';
    if (!isKey) this.#beginValue('"');
    this.#token = isKey ? 'key' : 'string';
    this.#take('"');
  }

  #beginValue(character: string): void {
    if (this.#expected !== 'value' && this.#expected !== 'first value') this.#refuse(character);
    if (!this.#unit && this.#frames.length < 8 && this.#isUnit(this.#path())) {
      const depth = this.#frames.length;
      this.#unit = { depth, text: '', valueCount: 0, place: this.#place() };
    }
    if (this.#unit && (this.#unit.valueCount += 1) > MAX_VALUES) {
      failAt(this.#unit.place, `holds more than ${MAX_VALUES} values`);
    }
  }

  #open(character: '{' | '['): void {
    const isArray = character === '[';
    this.#beginValue(character);
    this.#takeMark(character);
    if (!this.#unit)
      this.#emit({ type: 'open', path: this.#path(), isArray, place: this.#place() });
    this.#frames.push({ isArray, key: isArray ? 0 : '', keys: new Set() });
    if (this.#frames.length > MAX_DEPTH)
      failAt(this.#place(), `is nested more than ${MAX_DEPTH} deep`);
    this.#expected = isArray ? 'first value' : 'first key';
  }

  #close(character: '}' | ']'): void {
    const isArray = character === ']';
    const isEnd =
      this.#expected === 'comma' || this.#expected === (isArray ? 'first value' : 'first key');
    if (!isEnd || this.#frames.at(-1)?.isArray !== isArray) this.#refuse(character);
    this.#frames.pop();
    this.#takeMark(character);
    if (!this.#unit) this.#emit({ type: 'close', path: this.#path(), place: this.#place() });
    this.#endValue();
  }

  #separate(character: ',' | ':'): void {
    const frame = this.#frames.at(-1);
    const wanted = character === ':' ? 'colon' : 'comma';
    if (!frame || this.#expected !== wanted) return this.#refuse(character);
    this.#takeMark(character);
    if (character === ':' || frame.isArray) this.#expected = 'value';
    else this.#expected = 'key';
    if (character === ',' && typeof frame.key === 'number') frame.key += 1;
  }

  #endToken(): void {
    const [token, source] = [this.#token, this.#tokenText];
    this.#token = 'none';
    this.#tokenText = '';
    if (token === 'key') this.#nameValue(String(this.#parse(source, this.#place())));
    else {
      if (!this.#unit) {
        const place = this.#place();
        this.#emit({ type: 'value', path: this.#path(), value: this.#parse(source, place), place });
      }
      this.#endValue();
    }
  }

  #nameValue(key: string): void {
    const frame = this.#frames.at(-1);
    if (!frame) return;
    frame.key = key;
    if (frame.keys.has(key)) failAt(this.#place(), 'is there twice');
    if (frame.keys.size >= MAX_VALUES) failAt(this.#place(), 'is one name too many');
    frame.keys.add(key);
    this.#expected = 'colon';
  }

  #endValue(): void {
    if (this.#unit?.depth === this.#frames.length) {
      const { text, place } = this.#unit;
      this.#unit = undefined;
      this.#emit({ type: 'value', path: this.#path(), value: this.#parse(text, place), place });
    }
    this.#expected = this.#frames.length === 0 ? 'nothing' : 'comma';
  }

  #take(text: string): void {
    // Of what is in a unit, only the keys are looked at before the whole is parsed.
    if (this.#unit) this.#takeMark(text);
    if (!this.#unit || this.#token === 'key') this.#tokenText += text;
    if (this.#tokenText.length > MAX_UNIT_LENGTH) failAt(this.#place(), 'is too long');
  }

  #takeMark(text: string): void {
    if (!this.#unit) return;
    this.#unit.text += text;
    if (this.#unit.text.length > MAX_UNIT_LENGTH) failAt(this.#unit.place, 'is too long');
  }

  #parse(source: string, place: Place): unknown {
    try {
      return JSON.parse(source);
    } catch {
      return failAt(place, 'is not valid JSON');
    }
  }

  #refuse(character: string): never {
    return failAt(this.#place(), `has ${JSON.stringify(character)} where it can't be`);
  }

  #emit(event: JsonEvent): void {
    this.#events.push(event);
  }

  #path(): JsonPath {
    return this.#frames.map(({ key }) => key);
  }

  #place(): Place {
    return this.#frames
      .slice(0, 12)
      .reduce((place, { key }) => (key === '' ? place : inside(place, key)), {
        path: '',
        line: this.#line,
      });
  }
}

/** Where the pattern, which is global, is first found from `index` on; the end where it is not. */
function findFrom(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(text)?.index ?? text.length;
}
