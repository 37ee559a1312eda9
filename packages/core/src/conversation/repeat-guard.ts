import type { Tool } from '../ports/tool-source.ts';
import type { JsonValue } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';

const MAX_EQUAL_CALLS = 2;

/** Notices a model that makes the same call again and again. */
export class RepeatGuard {
  readonly #counts = new Map<string, number>();
  #refusals = 0;

  /** How many calls were refused as repetitions. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Whether this call may be made once more. */
  admit(call: ToolCallPart): boolean {
    const count = (this.#counts.get(keyOf(call)) ?? 0) + 1;
    this.#counts.set(keyOf(call), count);
    if (count <= MAX_EQUAL_CALLS) return true;
    this.#refusals += 1;
    return false;
  }

  /** After a change the same question may have another answer: tests run again after an edit. */
  noteRun(call: ToolCallPart, { effect }: Pick<Tool, 'effect'>): void {
    if (effect === 'read') return;
    for (const key of this.#counts.keys()) if (key !== keyOf(call)) this.#counts.delete(key);
  }
}

function keyOf({ name, input }: ToolCallPart): string {
  return `${name} ${JSON.stringify(sorted(input))}`;
}

/** The order of an object's members is no difference. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.flatMap(([key, child]) => [key, sorted(child)]);
}
