import { NotPermittedError } from '../errors/run-errors.ts';
import { SessionNotFoundError } from '../errors/session-errors.ts';
import type { Identity } from '../ports/identity.ts';
import type { Store } from '../ports/store.ts';

/** Decides which sessions of a store an identity reaches. */
export class Access {
  readonly owner: string | null;
  readonly #identity: Identity;
  readonly #store: Store;

  constructor(store: Store, identity: Identity) {
    this.#store = store;
    this.#identity = identity;
    this.owner = identity.owner;
  }

  async owns(sessionId: string): Promise<boolean> {
    const session = await this.#store.sessions.get(sessionId);
    return session?.owner === this.owner;
  }

  /** Whether another owner has a session with this id. */
  async isForeign(sessionId: string): Promise<boolean> {
    const session = await this.#store.sessions.get(sessionId);
    return session !== undefined && session.owner !== this.owner;
  }

  /** Rejects like the store for an unknown id. */
  async requireSession(sessionId: string): Promise<void> {
    if (!(await this.owns(sessionId))) throw new SessionNotFoundError(sessionId);
  }

  /** For methods that concern the sessions of all owners. */
  requireAdmin(): void {
    if (this.#identity.scopes.includes('admin')) return;
    throw new NotPermittedError('This needs the scope "admin".', {
      hint: 'Use a token with the scope "admin".',
    });
  }

  /** Nobody gives more rights than they have. */
  requireScopes(scopes: Identity['scopes']): void {
    const more = scopes.filter((scope) => !this.#identity.scopes.includes(scope));
    if (more.length === 0) return;
    throw new NotPermittedError(`A token can't be created with the scope "${more.join('", "')}".`, {
      hint: 'Use a token that has these scopes itself.',
    });
  }
}
