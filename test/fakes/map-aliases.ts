import type { ConversationAliases, ConversationPrefix } from '@synapse/core/server';

/** Names and prefixes in memory. */
export class MapAliases implements ConversationAliases {
  readonly #names = new Map<string, string>();
  readonly #prefixes = new Map<string, ConversationPrefix>();

  async find(kind: string, value: string): Promise<string | undefined> {
    return this.#names.get(`${kind} ${value}`);
  }

  async set(kind: string, value: string, sessionId: string): Promise<void> {
    this.#names.set(`${kind} ${value}`, sessionId);
  }

  async findPrefix(hashes: readonly string[]): Promise<ConversationPrefix | undefined> {
    const known = hashes.findLast((hash) => this.#prefixes.has(hash));
    return known === undefined ? undefined : this.#prefixes.get(known);
  }

  async addPrefixes(prefixes: readonly ConversationPrefix[]): Promise<void> {
    for (const prefix of prefixes) this.#prefixes.set(prefix.hash, prefix);
  }
}
