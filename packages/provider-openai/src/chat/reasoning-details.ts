import type { JsonObject, JsonValue } from '@synapse/core';
import { toRecords } from '@synapse/provider-http';

/** The fields that stream in pieces; all others come complete, or are repeated. */
const GROWING = ['text', 'summary'];

/**
 * The `reasoning_details` of an answer, joined from their pieces. The router wants them back
 * unchanged and in order; their meaning is between the router and the model.
 */
export class ReasoningDetails {
  #details: JsonObject[] = [];

  get isEmpty(): boolean {
    return this.#details.length === 0;
  }

  add(pieces: unknown): void {
    for (const piece of toRecords(pieces) as JsonObject[]) {
      const last = this.#details.at(-1);
      if (last !== undefined && isSame(last, piece)) join(last, piece);
      else if (typeof piece.type === 'string') this.#details.push({ ...piece });
    }
  }

  /** The details that were not taken yet. */
  take(): JsonObject[] {
    const taken = this.#details;
    this.#details = [];
    return taken;
  }
}

function isSame(last: JsonObject, piece: JsonObject): boolean {
  const isGrowing = GROWING.some((field) => `reasoning.${field}` === piece.type);
  return isGrowing && piece.type === last.type && piece.index === last.index;
}

function join(last: JsonObject, piece: JsonObject): void {
  for (const [field, value] of Object.entries(piece)) {
    if (value === null) continue;
    last[field] = GROWING.includes(field) ? joinText(last[field], value) : value;
  }
}

function joinText(before: JsonValue | undefined, value: JsonValue): JsonValue {
  return typeof before === 'string' && typeof value === 'string' ? before + value : value;
}
