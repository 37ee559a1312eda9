/** One event of a text/event-stream. */
export interface ServerEvent {
  name: string | null;
  data: string;
}

/**
 * Parses a text/event-stream, however its bytes are split. Takes linear time: an event in many
 * pieces is joined once, at its end.
 */
export class ServerEventParser {
  readonly #maxEventLength: number;
  readonly #decoder = new TextDecoder();
  /** The event that has not ended. */
  #pieces: string[] = [];
  #length = 0;
  /** A line end that may turn out to end an event. */
  #lineFeed = '';
  #skipsLineFeed = false;

  constructor(maxEventLength: number) {
    this.#maxEventLength = maxEventLength;
  }

  /** True when the event that is coming has grown beyond the limit. */
  get isOversized(): boolean {
    return this.#length > this.#maxEventLength;
  }

  push(bytes: Uint8Array): ServerEvent[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The stream has ended: an event without its final blank line counts as well. */
  end(): ServerEvent[] {
    return this.#take(`${this.#decoder.decode()}\n\n`);
  }

  #take(decoded: string): ServerEvent[] {
    const text = this.#lineFeed + this.#withLineFeeds(decoded);
    const blocks = text.split('\n\n');
    const rest = blocks.pop() ?? '';
    const [first] = blocks;
    if (first !== undefined) {
      blocks[0] = this.#pieces.join('') + first;
      this.#pieces = [];
      this.#length = 0;
    }
    this.#lineFeed = rest.endsWith('\n') ? '\n' : '';
    this.#pieces.push(this.#lineFeed === '' ? rest : rest.slice(0, -1));
    this.#length += rest.length;
    return blocks.map(toEvent).filter((event) => event !== null);
  }

  /** CR, LF and both together end a line; the two may come apart. */
  #withLineFeeds(decoded: string): string {
    if (decoded === '') return '';
    const text = this.#skipsLineFeed && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    this.#skipsLineFeed = decoded.endsWith('\r');
    return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  }
}

/** Null for an event without data. */
function toEvent(block: string): ServerEvent | null {
  let name: string | null = null;
  let data: string | null = null;
  for (const line of block.split('\n')) {
    const more = valueOf('data', line);
    if (more === null) name = valueOf('event', line) ?? name;
    else data = data === null ? more : `${data}\n${more}`;
  }
  return data === null ? null : { name, data };
}

/** Null if the line has another field. */
function valueOf(field: string, line: string): string | null {
  const colon = field.length;
  if (!line.startsWith(field)) return null;
  if (line.length === colon) return '';
  if (line[colon] !== ':') return null;
  return line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
}
