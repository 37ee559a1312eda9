import { createHash } from 'node:crypto';
import { isJsonObject, type JsonValue, type Part } from '@synapse/core';
import type { RelayedMessage } from './relayed-request.ts';

/** The beginning of a conversation that ends with an answer. */
export interface Prefix {
  hash: string;
  /** How many messages it has. */
  length: number;
}

/**
 * A hash for each answer, of everything up to it: the shortest first. It covers what each side said,
 * called and returned, in a form that survives what clients do to it. So it leaves out ids,
 * reasoning, the space around texts, and how texts are divided. The system prompt does not count,
 * because clients put the date there. Equal conversations under different seeds have different
 * hashes.
 */
export function hashAnswers(messages: readonly RelayedMessage[], seed: string): Prefix[] {
  const prefixes: Prefix[] = [];
  let hash = createHash('sha256').update(seed).digest('hex');
  let calls: CallPlaces = new Map();
  for (const [index, { role, parts }] of messages.entries()) {
    const pieces = piecesOf(role, parts, calls);
    if (role === 'assistant') calls = callPlacesOf(parts);
    if (pieces.length === 0) continue;
    for (const piece of pieces) {
      hash = createHash('sha256')
        .update(hash)
        .update(JSON.stringify([role, ...piece]))
        .digest('hex');
    }
    if (role === 'assistant') prefixes.push({ hash, length: index + 1 });
  }
  return prefixes;
}

/** Whether two messages say the same, as hashes understand it. */
export function saysTheSame(one: RelayedMessage, other: RelayedMessage): boolean {
  const said = ({ role, parts }: RelayedMessage) =>
    JSON.stringify([role, piecesOf(role, parts, new Map())]);
  return said(one) === said(other);
}

type Piece = string[];

/** The place of each call in its message, by its id. */
type CallPlaces = ReadonlyMap<string, number>;

function piecesOf(
  role: RelayedMessage['role'],
  parts: readonly Part[],
  calls: CallPlaces,
): Piece[] {
  switch (role) {
    case 'user':
      return parts.flatMap((part): Piece[] => {
        if (part.type === 'text') return textPieces(part.text);
        return 'attachment' in part ? [['attachment', part.attachment.sha256]] : [];
      });
    case 'assistant': {
      // Some dialects put all text before the calls, and none keeps how it was divided.
      const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      const made = parts.flatMap((part): Piece[] =>
        part.type === 'tool-call'
          ? [['call', part.name, part.invalidInput ?? canonical(part.input)]]
          : [],
      );
      return [...textPieces(text), ...made];
    }
    case 'tool':
      return resultPieces(parts, calls);
  }
}

function textPieces(text: string): Piece[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : [['text', trimmed]];
}

function callPlacesOf(parts: readonly Part[]): CallPlaces {
  const places = new Map<string, number>();
  for (const [place, part] of parts.entries()) {
    // Of calls with the same id, the first one counts.
    if (part.type === 'tool-call' && !places.has(part.id)) places.set(part.id, place);
  }
  return places;
}

/** In the order of the calls: clients return results in the order in which they came. */
function resultPieces(parts: readonly Part[], calls: CallPlaces): Piece[] {
  return parts
    .flatMap((part) => (part.type === 'tool-result' ? [part] : []))
    .map((part) => ({ part, place: calls.get(part.id) ?? -1 }))
    .sort((one, other) => one.place - other.place)
    .map(({ part }) => [
      'result',
      part.output.trim(),
      ...(part.attachments ?? []).map(({ sha256 }) => sha256),
    ]);
}

/** The same text for the same value, whatever the order of its fields. */
function canonical(value: JsonValue): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
