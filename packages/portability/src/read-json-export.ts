import {
  checkAttachment,
  checkVersion,
  toExportedMessage,
  type ExportRecord,
} from './export-record.ts';
import type { JsonPath } from './json-frames.ts';
import { JsonScanner, type JsonEvent } from './json-scanner.ts';
import { sessionShape } from './session-shape.ts';
import { failAt, text, type Place } from './shape.ts';

/** The expected structure; a later version may have added other fields. */
const kinds: Readonly<Record<string, 'object' | 'list' | 'value'>> = {
  '': 'object',
  v: 'value',
  type: 'value',
  sessions: 'list',
  'sessions/#': 'object',
  'sessions/#/session': 'value',
  'sessions/#/messages': 'list',
  'sessions/#/messages/#': 'value',
  attachments: 'list',
  'attachments/#': 'object',
  'attachments/#/sha256': 'value',
  'attachments/#/base64': 'value',
};
const kindNames = { object: 'an object', list: 'a list', value: 'a string or a number' };
const units = new Set(['sessions/#/session', 'sessions/#/messages/#']);

/** An export of the format `json`, from its text in pieces. */
export async function* readJsonExport(pieces: AsyncIterable<string>): AsyncGenerator<ExportRecord> {
  const scanner = new JsonScanner((path) => units.has(patternOf(path)));
  const reader = new ExportReader();
  for await (const piece of pieces) {
    for (const event of scanner.push(piece)) yield* reader.read(event);
  }
  for (const event of scanner.end()) yield* reader.read(event);
}

class ExportReader {
  readonly #root = new Map<string, unknown>();
  #session = new Set<string>();
  #attachment = new Map<string, string>();

  *read(event: JsonEvent): Generator<ExportRecord> {
    const { type, path, place } = event;
    const pattern = patternOf(path);
    checkKind(event, pattern);
    const at = { place };
    if (path.length === 1) this.#root.set(pattern, type === 'value' ? event.value : undefined);
    switch (`${type} ${pattern}`) {
      case 'open sessions/#':
        this.#session = new Set();
        break;
      case 'open sessions/#/messages':
        this.#session.add('messages');
        break;
      case 'close sessions/#':
        this.#needParts(this.#session, ['session', 'messages'], place);
        yield { ...at, type: 'session-end' };
        break;
      case 'open attachments/#':
        this.#attachment = new Map();
        break;
      case 'close attachments/#':
        this.#needParts(this.#attachment, ['sha256', 'base64'], place);
        yield { ...at, type: 'attachment', ...toAttachment(this.#attachment, place) };
        break;
      case 'close ':
        this.#checkRoot(place);
        break;
    }
    if (type === 'value') yield* this.#readValue(pattern, event.value, at);
  }

  *#readValue(pattern: string, value: unknown, at: { place: Place }): Generator<ExportRecord> {
    switch (pattern) {
      case 'sessions/#/session':
        this.#session.add('session');
        yield { ...at, type: 'session', session: sessionShape(value, at.place) };
        break;
      case 'sessions/#/messages/#':
        yield { ...at, type: 'message', message: toExportedMessage(value, at.place) };
        break;
      case 'attachments/#/sha256':
        this.#attachment.set('sha256', text(value, at.place));
        break;
      case 'attachments/#/base64':
        this.#attachment.set('base64', text(value, at.place));
        break;
    }
  }

  #needParts(parts: { has(key: string): boolean }, names: readonly string[], place: Place): void {
    for (const name of names) if (!parts.has(name)) failAt(place, `lacks "${name}"`);
  }

  #checkRoot(place: Place): void {
    this.#needParts(this.#root, ['v', 'type', 'sessions'], place);
    checkVersion(this.#root, place);
  }
}

function toAttachment(
  parts: ReadonlyMap<string, string>,
  place: Place,
): { sha256: string; bytes: Uint8Array } {
  const [sha256 = '', base64 = ''] = [parts.get('sha256'), parts.get('base64')];
  return checkAttachment({ sha256, bytes: Buffer.from(base64, 'base64') }, place);
}

function checkKind({ type, ...event }: JsonEvent, pattern: string): void {
  const kind = Object.hasOwn(kinds, pattern) ? kinds[pattern] : undefined;
  if (kind === undefined || type === 'close') return;
  const isRight =
    type === 'value'
      ? kind === 'value'
      : kind === ('isArray' in event && event.isArray ? 'list' : 'object');
  if (!isRight) failAt(event.place, `must be ${kindNames[kind]}`);
}

/** A path with # for each index; a key can't pass for more than one step. */
function patternOf(path: JsonPath): string {
  return path
    .map((key) => (typeof key === 'number' ? '#' : key.replaceAll(/[/#]/g, '?')))
    .join('/');
}
