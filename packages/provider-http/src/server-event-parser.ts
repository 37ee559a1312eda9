/** One event of a text/event-stream. */
export interface ServerEvent {
  name: string | null;
  data: string;
}

/**
 * Takes a text/event-stream apart, however its bytes are cut. Time is linear in the bytes: a line
 * that comes in many pieces is joined once, at its end.
 */
export class ServerEventParser {
  readonly #maxEventLength: number;
  readonly #decoder = new TextDecoder();
  #events: ServerEvent[] = [];
  #linePieces: string[] = [];
  #name: string | null = null;
  #data: string | null = null;
  #length = 0;
  #skipsLineFeed = false;

  constructor(maxEventLength: number) {
    this.#maxEventLength = maxEventLength;
  }

  /** True when the event that is coming has grown beyond the limit. */
  get isOversized(): boolean {
    return this.#length > this.#maxEventLength;
  }

  push(bytes: Uint8Array): ServerEvent[] {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
    return this.#shiftEvents();
  }

  /** The stream has ended: an event whose blank line is missing counts as well. */
  end(): ServerEvent[] {
    this.#take(`${this.#decoder.decode()}\n\n`);
    return this.#shiftEvents();
  }

  #take(decoded: string): void {
    if (decoded === '') return;
    const unskipped = this.#skipsLineFeed && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    this.#skipsLineFeed = decoded.endsWith('\r');
    const text = unskipped.includes('\r') ? unskipped.replaceAll(/\r\n?/g, '\n') : unskipped;
    this.#length += text.length;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      if (this.#linePieces.length === 0) this.#takeLine(text, start, end);
      else {
        const line = this.#linePieces.join('') + text.slice(start, end);
        this.#linePieces = [];
        this.#takeLine(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < text.length) this.#linePieces.push(text.slice(start));
  }

  /** The line stands in a longer text: only what is kept of it is worth a string of its own. */
  #takeLine(text: string, start: number, end: number): void {
    if (start === end) {
      this.#dispatch();
      return;
    }
    const data = valueOf('data', text, start, end);
    if (data !== null) this.#data = this.#data === null ? data : `${this.#data}\n${data}`;
    else this.#name = valueOf('event', text, start, end) ?? this.#name;
  }

  #dispatch(): void {
    if (this.#data !== null) this.#events.push({ name: this.#name, data: this.#data });
    this.#name = null;
    this.#data = null;
    this.#length = 0;
  }

  #shiftEvents(): ServerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

/** Null where the line has another field. */
function valueOf(field: string, text: string, start: number, end: number): string | null {
  if (!text.startsWith(field, start)) return null;
  const colon = start + field.length;
  if (colon === end) return '';
  if (text[colon] !== ':') return null;
  return text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1, end);
}
