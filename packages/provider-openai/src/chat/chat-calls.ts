import type { JsonObject, StreamEvent } from '@synapse/core';
import { CallIds, parseToolInput, StreamText, toRecord, toText } from '@synapse/provider-http';
import { toFieldsReplay } from './chat-replay.ts';

interface Call {
  /** The call's index and id, as the server sent them. */
  index: string | undefined;
  givenId: string;
  id: string;
  name: string;
  pieces: string[];
  shown: StreamText;
  /** Extra fields from the server, such as a signature. */
  added: JsonObject;
}

interface Piece {
  index: string | undefined;
  givenId: string;
  name: string;
  inputText: string;
}

/**
 * Builds calls from their pieces. Servers differ: the index may be missing or the same for all
 * calls, the id missing, the name repeated in each piece, the arguments in one piece or an object.
 */
export class ChatCalls {
  readonly #ids = new CallIds();
  readonly #calls: Call[] = [];

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  read(pieces: unknown): StreamEvent[] {
    if (!Array.isArray(pieces)) return [];
    return pieces.flatMap((piece) => this.#readPiece(toRecord(piece)));
  }

  end(isWhole: boolean): StreamEvent[] {
    return this.#calls.flatMap((call) => {
      const { id, name, pieces, shown, added } = call;
      const rest = shown.end();
      const input = parseToolInput(pieces.join(''), isWhole);
      return [
        ...(rest === '' ? [] : [{ type: 'tool-call-delta' as const, id, inputText: rest }]),
        {
          type: 'tool-call' as const,
          ...{ id, name, ...input },
          ...(Object.keys(added).length > 0 && { replay: toFieldsReplay(added) }),
        },
      ];
    });
  }

  #readPiece(piece: Record<string, unknown>): StreamEvent[] {
    const described = toRecord(piece.function);
    const givenId = toText(piece.id);
    const name = toText(described.name).toWellFormed();
    const events: StreamEvent[] = [];
    const inputText = toInputText(described.arguments);
    const index = toIndex(piece.index);
    const read = { index, givenId, name, inputText };
    let call = this.#find(read);
    if (call !== undefined && isBehind(call, read)) call = undefined;
    if (call === undefined) {
      const id = this.#ids.take(givenId);
      const shown = new StreamText();
      call = { index, givenId, id, name, pieces: [], shown, added: {} };
      this.#calls.push(call);
      events.push({ type: 'tool-call-start', id, name });
    } else if (call.name === '') {
      call.name = name;
    }
    Object.assign(call.added, addedTo(piece));
    call.pieces.push(inputText);
    const shown = call.shown.push(inputText);
    if (shown !== '') events.push({ type: 'tool-call-delta', id: call.id, inputText: shown });
    return events;
  }

  #find({ index, givenId, name, inputText }: Piece): Call | undefined {
    if (index === undefined && givenId !== '') {
      const named = this.#calls.findLast((candidate) => candidate.givenId === givenId);
      if (named) return named;
      // Calls that differ only in their ids may be open at the same time.
      if (name !== '' && (inputText === '' || /^\s*\{/.test(inputText))) return undefined;
    }
    const call =
      index === undefined
        ? this.#calls.at(-1)
        : this.#calls.findLast((candidate) => candidate.index === index);
    if (call === undefined || name === '' || givenId === call.givenId) {
      // Without an id or an index, a name starts a new call.
      const isNext = name !== '' && givenId === '' && index === undefined;
      return isNext && call !== undefined && isFinished(call) ? undefined : call;
    }
    // Another id and a name: the next call under the same index, unless this call is incomplete.
    return givenId !== '' && isFinished(call) ? undefined : call;
  }
}

const KNOWN = new Set(['index', 'id', 'type', 'function']);

function addedTo(piece: Record<string, unknown>): JsonObject {
  const added = Object.entries(piece).filter(([name, value]) => !KNOWN.has(name) && value !== null);
  return Object.fromEntries(added) as JsonObject;
}

/** Whether a new call with the same id, or without one, follows a complete call. */
function isBehind(call: Call, { givenId, name, inputText }: Piece): boolean {
  if (name === '' || givenId !== call.givenId || !/^\s*\{/.test(inputText)) return false;
  // A repetition under the same id may be the same call, which must not run twice.
  const isOther = givenId === '' || name !== call.name;
  return isOther && call.pieces.join('') !== '' && isFinished(call);
}

/** Some servers write the index as text. */
function toIndex(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return toText(value) === '' ? undefined : toText(value);
}

function isFinished({ pieces }: Call): boolean {
  return parseToolInput(pieces.join(''), true).invalidInput === undefined;
}

function toInputText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return toText(value);
}
