import { createHash } from 'node:crypto';
import { InvalidDataError } from '../errors/run-errors.ts';
import { lengthOf, MAX_MESSAGE_LENGTH } from '../session/message-length.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import type { JsonPath } from './json-frames.ts';
import { JsonScanner, type JsonEvent } from './json-scanner.ts';
import { messageShape, sessionShape } from './session-shape.ts';
import { failAt, text, type Place } from './shape.ts';

export const EXPORT_VERSION = 1;
export const EXPORT_TYPE = 'synapse-export';

/** What an export holds, in the order in which it stands there. `index` is that of the session. */
export type ExportRecord = { index: number; place: Place } & (
  | { type: 'session'; session: Session }
  | { type: 'message'; message: Omit<Message, 'sessionId'> }
  | { type: 'session-end' }
  | { type: 'attachment'; sha256: string; bytes: Uint8Array }
);

/** What stands where; what is not named here, a later version may have added. */
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
const kindNames = { object: 'an object', list: 'a list', value: 'a text or a number' };
const units = new Set(['sessions/#/session', 'sessions/#/messages/#']);

/** Rejects with an InvalidDataError that names the place where the file is no export. */
export async function* readExport(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ExportRecord> {
  const scanner = new JsonScanner((path) => units.has(patternOf(path)));
  const reader = new ExportReader();
  for await (const piece of decode(chunks)) {
    for (const event of scanner.push(piece)) yield* reader.read(event);
  }
  for (const event of scanner.end()) yield* reader.read(event);
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decodeOne = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new InvalidDataError('The file is not UTF-8 text, as an export is.', { cause });
    }
  };
  for await (const chunk of chunks) yield decodeOne(chunk);
  yield decodeOne();
}

class ExportReader {
  readonly #root = new Map<string, unknown>();
  #session = new Set<string>();
  #attachment = new Map<string, string>();

  *read(event: JsonEvent): Generator<ExportRecord> {
    const { type, path, place } = event;
    const pattern = patternOf(path);
    checkKind(event, pattern);
    const at = { index: Number(path[1]), place };
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

  *#readValue(
    pattern: string,
    value: unknown,
    at: { index: number; place: Place },
  ): Generator<ExportRecord> {
    switch (pattern) {
      case 'sessions/#/session':
        this.#session.add('session');
        yield { ...at, type: 'session', session: sessionShape(value, at.place) };
        break;
      case 'sessions/#/messages/#':
        yield { ...at, type: 'message', message: toMessage(value, at.place) };
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
    if (this.#root.get('type') !== EXPORT_TYPE) failAt(place, 'is no export of Synapse');
    if (this.#root.get('v') !== EXPORT_VERSION) {
      failAt(
        place,
        `is of another version than ${EXPORT_VERSION}, the one that this program reads`,
      );
    }
  }
}

function toMessage(value: unknown, place: Place): Omit<Message, 'sessionId'> {
  const message = messageShape(value, place);
  if (lengthOf(message.parts) > MAX_MESSAGE_LENGTH) failAt(place, 'has more than 16 MiB');
  return message;
}

function toAttachment(
  parts: ReadonlyMap<string, string>,
  place: Place,
): { sha256: string; bytes: Uint8Array } {
  const [sha256 = '', base64 = ''] = [parts.get('sha256'), parts.get('base64')];
  const bytes = Buffer.from(base64, 'base64');
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    failAt(place, 'is damaged: its bytes do not have the hash that they should');
  }
  return { sha256, bytes };
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
