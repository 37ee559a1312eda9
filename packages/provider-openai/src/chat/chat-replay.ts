import type { JsonObject, JsonValue, ReasoningPart } from '@synapse/core';
import { toRecord, toRecords } from '@synapse/provider-http';

const DIALECT = 'openai-chat';

/** What a server of this dialect wants to see again of an answer. */
export interface ChatReplay {
  /** Reasoning in readable form. */
  reasoning: string;
  /** The same as a router took it over from whoever answered, sealed pieces included. */
  reasoningDetails: unknown[];
  /** What came along with calls, by their ids; some servers sign a call in there. */
  callExtras: Record<string, unknown>;
}

export function toReasoningReplay(): { dialect: string; data: JsonValue } {
  return { dialect: DIALECT, data: { type: 'reasoning' } };
}

export function toDetailsReplay(details: JsonObject[]): { dialect: string; data: JsonValue } {
  return { dialect: DIALECT, data: { type: 'details', details } };
}

export function toCallReplay(callExtras: JsonObject): { dialect: string; data: JsonValue } {
  return { dialect: DIALECT, data: { type: 'calls', callExtras } };
}

export function fromReplays(parts: readonly ReasoningPart[]): ChatReplay {
  const own = parts.filter(({ replay }) => replay?.dialect === DIALECT);
  const extras = own.map(({ replay }) => toRecord(toRecord(replay?.data).callExtras));
  return {
    reasoning: own.map(({ text }) => text).join(''),
    reasoningDetails: own
      .flatMap(({ replay }) => toRecords(toRecord(replay?.data).details))
      .filter(({ type }) => typeof type === 'string'),
    callExtras: Object.fromEntries(extras.flatMap((extra) => Object.entries(extra))),
  };
}
