// Names may be longer, but OpenAI's Chat Completions refuse ids of more than 40.
const MAX_ID_LENGTH = 40;
const MAX_NAME_LENGTH = 64;

/**
 * Gives every tool call of a request an id that all providers accept, `[a-zA-Z0-9_-]{1,40}`, and
 * that no other call of the request has. Servers that count from zero in each answer repeat their
 * ids. The same calls in the same order always get the same ids.
 */
export class ToolCallIds {
  #used = new Set<string>();
  #repeats = new Map<string, number>();

  next(id: string): string {
    const plain = toSafeName(id).slice(0, MAX_ID_LENGTH) || 'call';
    let unique = plain;
    while (this.#used.has(unique)) {
      const repeat = (this.#repeats.get(plain) ?? 1) + 1;
      this.#repeats.set(plain, repeat);
      const suffix = `_${repeat}`;
      unique = plain.slice(0, MAX_ID_LENGTH - suffix.length) + suffix;
    }
    this.#used.add(unique);
    return unique;
  }
}

/** Providers refuse other characters in the names and ids of tools, even in old messages. */
export function toSafeName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_LENGTH);
}
