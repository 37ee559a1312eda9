import type { Tool } from '../ports/tool-source.ts';
import type { JsonValue } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';

const MAX_EQUAL_CALLS = 2;

/**
 * Detects a model that makes the same call again and again and gets the same result each time. A
 * call whose result differs from the last one is no repetition, because it waits for a change.
 */
export class RepeatGuard {
  readonly #last = new Map<string, { result: string; count: number }>();
  #refusals = 0;

  /** The number of calls refused as repetitions. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Whether this call may be made again. */
  admit(call: ToolCallPart, { mayBeRepeated = false }: Pick<Tool, 'mayBeRepeated'>): boolean {
    if (mayBeRepeated) return true;
    const count = this.#last.get(keyOf(call))?.count ?? 0;
    if (count < MAX_EQUAL_CALLS) return true;
    this.#refusals += 1;
    return false;
  }

  /** The result that the model got for a call; a refusal is a result, too. */
  noteResult(call: ToolCallPart, result: string): void {
    const key = keyOf(call);
    const last = this.#last.get(key);
    this.#last.set(key, { result, count: last?.result === result ? last.count + 1 : 1 });
  }

  /** After a change the same call may return something else: tests run again after an edit. */
  noteRun(call: ToolCallPart, { effect }: Pick<Tool, 'effect'>): void {
    if (effect === 'read') return;
    for (const key of this.#last.keys()) if (key !== keyOf(call)) this.#last.delete(key);
  }
}

function keyOf({ name, input }: ToolCallPart): string {
  return `${name} ${JSON.stringify(sorted(input))}`;
}

/** Ignores the order of an object's members. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.flatMap(([key, child]) => [key, sorted(child)]);
}
