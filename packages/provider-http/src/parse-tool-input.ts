import type { JsonObject } from '@synapse/core';
import { parseObject } from './parse-object.ts';

export interface ToolInput {
  input: JsonObject;
  /** The text as it came, where it is no JSON object, too deep a one, or cannot be whole. */
  invalidInput?: string;
}

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
    const value = parseObject(text);
    if (value) return { input: value as JsonObject };
  } catch {
    // Said by `invalidInput`.
  }
  return { input: {}, invalidInput: wellFormed };
}
