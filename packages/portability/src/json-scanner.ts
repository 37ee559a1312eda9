import { MAX_MESSAGE_LENGTH } from '@synapse/core/store-kit';
import { JsonFrames, type JsonPath } from './json-frames.ts';
import { failAt, type Place } from './shape.ts';

/**
 * The events of the scanner. Values are complete: a scalar, or a larger value that the caller wants
 * as a unit.
 */
export type JsonEvent =
  | { type: 'open'; path: JsonPath; isArray: boolean; place: Place }
  | { type: 'close'; path: JsonPath; place: Place }
  | { type: 'value'; path: JsonPath; value: unknown; place: Place };

const MAX_VALUES = 1_000_000;
const MAX_TOKEN_LENGTH = 128 << 20;
/** The longest message, with room for its other fields. */
const MAX_UNIT_TEXT = MAX_MESSAGE_LENGTH + (4 << 20);
/** The same with every character escaped. */
const MAX_UNIT_LENGTH = 6 * MAX_UNIT_TEXT;
const STRING_STOP = /["\\\u0000-\u001f]/g;
const LITERAL_STOP = /[\s,:[\]{}"]/g;

/**
 * Reads JSON in pieces that are split anywhere, without holding all of it. Strict: depth, size and
 * number of values are limited, a key may occur once, and errors name their place.
 */
export class JsonScanner {
  readonly #isUnit: (path: JsonPath) => boolean;
  readonly #frames = new JsonFrames();
  #expected: 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma' | 'nothing' =
    'value';
  #token: 'none' | 'key' | 'string' | 'literal' = 'none';
  #tokenText = '';
  /** Length of the current text, or of all texts in its unit; without escapes. */
  #textLength = 0;
  #isEscaped = false;
  #unit: { depth: number; text: string; valueCount: number; place: Place } | undefined;
  #events: JsonEvent[] = [];

  /** `isUnit` chooses the values to return whole; `line` is the number of the first line. */
  constructor(isUnit: (path: JsonPath) => boolean, line = 1) {
    this.#isUnit = isUnit;
    this.#frames.line = line;
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
    if (this.#expected !== 'nothing')
      failAt(this.#frames.place(), 'is cut off: the file ends in it');
    return this.#events;
  }

  /** Reads from `index`, and returns the new index. */
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
    else if (character === '\n') this.#frames.line += 1;
    else if (character !== ' ' && character !== '\t' && character !== '\r') {
      this.#beginValue(character);
      this.#token = 'literal';
      return index;
    }
    return index + 1;
  }

  /**
   * Takes all of the string that has arrived: adding each escape separately would take a hundred
   * times its size.
   */
  #readString(chunk: string, index: number): number {
    let end = index;
    let isEnd = false;
    while (!isEnd && end < chunk.length) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        // The four digits after \u are read like text.
        this.#textLength += chunk.charAt(end) === 'u' ? -3 : 1;
        end += 1;
      }
      const stop = findFrom(STRING_STOP, chunk, end);
      this.#textLength += stop - end;
      end = stop + 1;
      const character = chunk.charAt(stop);
      if (character === '"') isEnd = true;
      else if (character === '\\') this.#isEscaped = true;
      else if (character !== '')
        failAt(this.#frames.place(), 'has a control character in a string');
    }
    this.#take(chunk.slice(index, end));
    if (isEnd) this.#endToken();
    return end;
  }

  #beginString(): void {
    const isKey = this.#expected === 'key' || this.#expected === 'first key';
    if (!isKey) this.#beginValue('"');
    this.#token = isKey ? 'key' : 'string';
    if (!this.#unit) this.#textLength = 0;
    this.#take('"');
  }

  #beginValue(character: string): void {
    if (this.#expected !== 'value' && this.#expected !== 'first value') this.#refuse(character);
    if (!this.#unit && this.#frames.depth < 8 && this.#isUnit(this.#frames.path())) {
      const depth = this.#frames.depth;
      this.#unit = { depth, text: '', valueCount: 0, place: this.#frames.place() };
      this.#textLength = 0;
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
      this.#emit({ type: 'open', path: this.#frames.path(), isArray, place: this.#frames.place() });
    this.#frames.open(isArray);
    this.#expected = isArray ? 'first value' : 'first key';
  }

  #close(character: '}' | ']'): void {
    const isArray = character === ']';
    const isEnd =
      this.#expected === 'comma' || this.#expected === (isArray ? 'first value' : 'first key');
    if (!isEnd || this.#frames.innermost !== (isArray ? 'array' : 'object'))
      this.#refuse(character);
    this.#frames.close();
    this.#takeMark(character);
    if (!this.#unit)
      this.#emit({ type: 'close', path: this.#frames.path(), place: this.#frames.place() });
    this.#endValue();
  }

  #separate(character: ',' | ':'): void {
    if (this.#expected !== (character === ':' ? 'colon' : 'comma')) this.#refuse(character);
    this.#takeMark(character);
    const isKeyNext = character === ',' && this.#frames.innermost === 'object';
    this.#expected = isKeyNext ? 'key' : 'value';
    if (character === ',') this.#frames.next();
  }

  #endToken(): void {
    const [token, source] = [this.#token, this.#tokenText];
    this.#token = 'none';
    this.#tokenText = '';
    if (token === 'key') {
      this.#frames.name(String(this.#parse(source)));
      this.#expected = 'colon';
    } else {
      if (!this.#unit) {
        const place = this.#frames.place();
        this.#emit({
          type: 'value',
          path: this.#frames.path(),
          value: this.#parse(source, place),
          place,
        });
      }
      this.#endValue();
    }
  }

  #endValue(): void {
    if (this.#unit?.depth === this.#frames.depth) {
      const { text, place } = this.#unit;
      this.#unit = undefined;
      this.#emit({
        type: 'value',
        path: this.#frames.path(),
        value: this.#parse(text, place),
        place,
      });
    }
    this.#expected = this.#frames.depth === 0 ? 'nothing' : 'comma';
  }

  #take(text: string): void {
    // Within a unit, only the keys are checked before the whole unit is parsed.
    if (this.#unit) this.#takeMark(text);
    if (!this.#unit || this.#token === 'key') this.#tokenText += text;
    if (this.#tokenText.length > MAX_TOKEN_LENGTH) failAt(this.#frames.place(), 'is too long');
  }

  #takeMark(text: string): void {
    if (!this.#unit) return;
    this.#unit.text += text;
    if (this.#textLength > MAX_UNIT_TEXT) failAt(this.#unit.place, 'is larger than 16 MiB');
    if (this.#unit.text.length > MAX_UNIT_LENGTH) failAt(this.#unit.place, 'is too long');
  }

  #parse(source: string, place?: Place): unknown {
    try {
      return JSON.parse(source);
    } catch {
      return failAt(place ?? this.#frames.place(), 'is not valid JSON');
    }
  }

  #refuse(character: string): never {
    return failAt(this.#frames.place(), `has an unexpected ${JSON.stringify(character)}`);
  }

  #emit(event: JsonEvent): void {
    this.#events.push(event);
  }
}

/** The first match of the global pattern from `index` on; the end of the text if there is none. */
function findFrom(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(text)?.index ?? text.length;
}
