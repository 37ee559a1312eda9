import type { JsonObject, JsonValue, Usage } from '@synapse/core';

/** Foreign files hold anything: these give undefined or an empty value for what is of another kind. */
export function textIn(record: JsonObject, name: string): string | undefined {
  const value = own(record, name);
  return typeof value === 'string' ? value : undefined;
}

export function recordIn(record: JsonObject, name: string): JsonObject {
  return asRecord(own(record, name));
}

export function listIn(record: JsonObject, name: string): JsonValue[] {
  const value = own(record, name);
  return Array.isArray(value) ? value : [];
}

/** The values of a list as records. */
export function recordsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

export function asRecord(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A time in ISO 8601, or in seconds, milliseconds, microseconds or nanoseconds since 1970. */
export function timeIn(record: JsonObject, name: string): Date | undefined {
  const value = own(record, name);
  const text = typeof value === 'string' ? value : '';
  const seconds = typeof value === 'number' ? value : Number(text || Number.NaN);
  const ms = Number.isNaN(seconds) ? Date.parse(text) : toMs(seconds);
  const date = new Date(ms);
  const isPlausible = ms > 0 && date.getUTCFullYear() < 3000;
  return isPlausible ? date : undefined;
}

/** The unit follows from the size: each reads as a time between 1973 and 5138 in one unit only. */
function toMs(time: number): number {
  if (time > 1e17) return time / 1e6;
  if (time > 1e14) return time / 1000;
  return time > 1e11 ? time : time * 1000;
}

function own(record: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export function countIn(record: JsonObject, name: string): number {
  const value = own(record, name);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

export function usageOf(counts: Partial<Omit<Usage, 'estimated'>>): Usage | undefined {
  if (!counts.inputTokens && !counts.outputTokens) return undefined;
  return {
    ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    ...{ reasoningTokens: 0, estimated: false },
    ...counts,
  };
}

/** A time that is in UTC when it names no zone. */
export function utcTimeIn(record: JsonObject, name: string): Date | undefined {
  const text = textIn(record, name) ?? '';
  const isBare = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text);
  return isBare ? timeIn({ at: `${text.replace(' ', 'T')}Z` }, 'at') : timeIn(record, name);
}

/** An id, which may be a number; undefined for other values. */
export function idIn(record: JsonObject, name: string): string | undefined {
  const value = own(record, name);
  return typeof value === 'number' ? String(value) : textIn(record, name);
}

export function without(record: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
