import type { JsonObject } from '@synapse/core';

export interface ToolInput {
  input: JsonObject;
  /** The text as it came, where it is no JSON object of a usual depth or can not be whole. */
  invalidInput?: string;
}

/** More than any tool takes. Whatever writes JSON goes down as deep as it is, and some fall. */
const MAX_DEPTH = 100;

/**
 * The arguments of a call. Nothing is repaired: half of an argument that looks whole may do harm.
 * `isWhole` is false when the model was cut off while it wrote.
 */
export function parseToolInput(text: string, isWhole: boolean): ToolInput {
  const wellFormed = text.toWellFormed();
  if (!isWhole) return { input: {}, invalidInput: wellFormed };
  if (text.trim() === '') return { input: {} };
  try {
    // JSON.parse makes `__proto__` an own property like any other; spreading it would not.
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && !isDeeper(value, MAX_DEPTH)) {
      return { input: value as JsonObject };
    }
  } catch {
    // Said by `invalidInput`.
  }
  return { input: {}, invalidInput: wellFormed };
}

function isDeeper(value: unknown, limit: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= limit && level.length > 0; depth += 1) {
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return level.length > 0;
}
