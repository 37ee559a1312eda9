import type { JsonObject } from '@synapse/core';
import { parseObject } from './read-json.ts';

export interface ToolInput {
  input: JsonObject;
  /** The original text, if it is not a JSON object, is nested too deeply, or may be incomplete. */
  invalidInput?: string;
}

/**
 * The arguments of a call. Nothing is repaired, because half of an argument that looks complete may
 * do harm. `isWhole` is false if the model was cut off while it wrote.
 */
export function parseToolInput(text: string, isWhole: boolean): ToolInput {
  const wellFormed = text.toWellFormed();
  if (!isWhole) return { input: {}, invalidInput: wellFormed };
  if (text.trim() === '') return { input: {} };
  try {
    // JSON.parse makes `__proto__` an own property like any other; spreading it would not.
    const value = parseObject(text);
    if (value) return { input: value as JsonObject };
  } catch {
    // Said by `invalidInput`.
  }
  return { input: {}, invalidInput: wellFormed };
}
