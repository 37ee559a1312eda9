import {
  checkAttachment,
  checkVersion,
  toExportedMessage,
  type ExportRecord,
} from './export-record.ts';
import { JsonScanner, type JsonEvent } from './json-scanner.ts';
import { sessionShape } from './session-shape.ts';
import { count, failAt, record, text, type Place } from './shape.ts';

/** More than any attachment has; its pieces stay in memory until the last one arrives. */
const MOST_BYTES = 256 << 20;

/** An export of the format `ndjson`, from its text in pieces. */
export async function* readNdjsonExport(
  pieces: AsyncIterable<string>,
): AsyncGenerator<ExportRecord> {
  const reader = new LineReader();
  let line = new LineScanner(1);
  for await (const piece of pieces) {
    for (let start = 0; start <= piece.length;) {
      const end = piece.indexOf('\n', start);
      line.push(piece.slice(start, end < 0 ? undefined : end));
      if (end < 0) break;
      yield* reader.read(line);
      line = new LineScanner(line.number + 1);
      start = end + 1;
    }
  }
  yield* reader.read(line);
  reader.end(line.place);
}

interface Field {
  value: unknown;
  place: Place;
}

/** One line: the fields of its object. */
class LineScanner {
  readonly number: number;
  readonly fields = new Map<string, Field>();
  readonly #scanner: JsonScanner;
  #isEmpty = true;

  constructor(number: number) {
    this.number = number;
    this.#scanner = new JsonScanner((path) => path.length === 1, number);
  }

  get place(): Place {
    return { path: '', line: this.number };
  }

  push(piece: string): void {
    this.#isEmpty &&= piece.trim() === '';
    if (!this.#isEmpty) for (const event of this.#scanner.push(piece)) this.#note(event);
  }

  /** Whether the line contains more than white space. */
  finish(): boolean {
    if (this.#isEmpty) return false;
    for (const event of this.#scanner.end()) this.#note(event);
    return true;
  }

  #note(event: JsonEvent): void {
    const { type, path, place } = event;
    const [name] = path;
    if (type === 'value' && typeof name === 'string') {
      this.fields.set(name, { value: event.value, place });
    } else if (type !== 'close' && (type === 'value' || event.isArray)) {
      failAt(this.place, 'must hold an object on each line');
    }
  }
}

const piece = record((field) => ({
  ...{ sha256: field('sha256', text), byteLength: field('byteLength', count) },
  base64: field('base64', text),
}));
const counts = record((field) => ({
  ...{ sessions: field('sessions', count), messages: field('messages', count) },
}));

class LineReader {
  #counts: { sessions: number; messages: number } | undefined;
  #isInSession = false;
  #isAtEnd = false;
  #attachment: { sha256: string; byteLength: number; length: number; pieces: Buffer[] } | undefined;

  *read(line: LineScanner): Generator<ExportRecord> {
    if (!line.finish()) return;
    const { fields, place } = line;
    if (this.#isAtEnd) failAt(place, 'continues after its last line');
    if (!this.#counts) {
      checkVersion(new Map([...fields].map(([name, { value }]) => [name, value])), place);
      this.#counts = { sessions: 0, messages: 0 };
      return;
    }
    const [attachment, session, message, end] = ['attachment', 'session', 'message', 'end'].map(
      (name) => fields.get(name),
    );
    if (this.#attachment && !attachment)
      failAt(place, 'needs another piece of the attachment before this');
    if (attachment) yield* this.#readPiece(attachment);
    if (session) {
      yield* this.#endSession(place);
      this.#isInSession = true;
      this.#counts.sessions += 1;
      const value = sessionShape(session.value, session.place);
      yield { place: session.place, type: 'session', session: value };
    }
    if (message) {
      if (!this.#isInSession) failAt(message.place, 'comes before the session that it belongs to');
      this.#counts.messages += 1;
      const value = toExportedMessage(message.value, message.place);
      yield { place: message.place, type: 'message', message: value };
    }
    if (end) {
      yield* this.#endSession(place);
      this.#isAtEnd = true;
      const said = counts(end.value, end.place);
      for (const name of ['sessions', 'messages'] as const) {
        if (said[name] === this.#counts[name]) continue;
        failAt(end.place, `counts ${said[name]} ${name}, but there are ${this.#counts[name]}`);
      }
    }
  }

  end(place: Place): void {
    if (!this.#isAtEnd) failAt(place, 'is cut off: its last line is missing');
  }

  *#endSession(place: Place): Generator<ExportRecord> {
    if (this.#isInSession) yield { place, type: 'session-end' };
    this.#isInSession = false;
  }

  *#readPiece({ value, place }: Field): Generator<ExportRecord> {
    const { sha256, byteLength, base64 } = piece(value, place);
    if (byteLength > MOST_BYTES) failAt(place, `is larger than ${MOST_BYTES >> 20} MiB`);
    const bytes = Buffer.from(base64, 'base64');
    const current = (this.#attachment ??= { sha256, byteLength, length: 0, pieces: [] });
    current.pieces.push(bytes);
    current.length += bytes.byteLength;
    const isSame = current.sha256 === sha256 && current.byteLength === byteLength;
    const isStuck = bytes.byteLength === 0 && byteLength > 0;
    if (!isSame || isStuck || current.length > byteLength) {
      failAt(place, 'does not fit the pieces of the attachment before it');
    }
    if (current.length < byteLength) return;
    this.#attachment = undefined;
    const whole = checkAttachment({ sha256, bytes: Buffer.concat(current.pieces) }, place);
    yield { place, type: 'attachment', ...whole };
  }
}
