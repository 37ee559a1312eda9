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
  #data: string[] = [];
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
    const text = this.#skipsLineFeed && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    this.#skipsLineFeed = decoded.endsWith('\r');
    this.#length += text.length;
    const [first = '', ...lines] = splitLines(text);
    this.#linePieces.push(first);
    const last = lines.pop();
    if (last === undefined) return;
    this.#takeLine(this.#linePieces.join(''));
    for (const line of lines) this.#takeLine(line);
    this.#linePieces = [last];
  }

  #takeLine(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
  }

  #dispatch(): void {
    if (this.#data.length > 0) this.#events.push({ name: this.#name, data: this.#data.join('\n') });
    this.#name = null;
    this.#data = [];
    this.#length = 0;
  }

  #shiftEvents(): ServerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function splitLines(text: string): string[] {
  return (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text).split('\n');
}
