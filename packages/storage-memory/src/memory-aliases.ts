import type { ConversationAliases, ConversationPrefix, OwnerFilter } from '@synapse/core/server';
import { checkAlias } from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

export class MemoryAliases implements ConversationAliases {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async find(
    kind: string,
    value: string,
    { owner }: OwnerFilter = {},
  ): Promise<string | undefined> {
    return this.#state.aliases.findLast(
      (alias) => alias.kind === kind && alias.value === value && this.#isOf(alias.sessionId, owner),
    )?.sessionId;
  }

  async set(kind: string, value: string, sessionId: string): Promise<void> {
    checkAlias(kind, value);
    const { owner } = this.#state.existing(sessionId).session;
    const others = this.#state.aliases.filter(
      (alias) =>
        alias.kind !== kind || alias.value !== value || !this.#isOf(alias.sessionId, owner),
    );
    this.#state.aliases = [...others, { kind, value, sessionId }];
  }

  async findPrefix(
    hashes: readonly string[],
    { owner }: OwnerFilter = {},
  ): Promise<ConversationPrefix | undefined> {
    const own = this.#state.prefixes.filter(({ sessionId }) => this.#isOf(sessionId, owner));
    const longest = hashes.findLast((hash) => own.some((prefix) => prefix.hash === hash));
    const newest = own.findLast(({ hash }) => hash === longest);
    return newest && { ...newest };
  }

  async addPrefixes(prefixes: readonly ConversationPrefix[]): Promise<void> {
    for (const { sessionId } of prefixes) this.#state.existing(sessionId);
    for (const prefix of prefixes) {
      const others = this.#state.prefixes.filter(
        ({ hash, sessionId }) => hash !== prefix.hash || sessionId !== prefix.sessionId,
      );
      this.#state.prefixes = [...others, { ...prefix }];
    }
  }

  #isOf(sessionId: string, owner: string | null | undefined): boolean {
    return owner === undefined || this.#state.existing(sessionId).session.owner === owner;
  }
}
