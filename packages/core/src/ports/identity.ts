/** Who asks the store, as the token of a request or the process itself says. */
export interface Identity {
  /** The owner of sessions as in `Session.owner`; null is the owner `local`. */
  owner: string | null;
  /** The token of the request; null for the process that opened the store. */
  tokenId: string | null;
  scopes: readonly Scope[];
}

/** What a token permits: to read, to change, to run tools, to administer the whole store. */
export type Scope = 'read' | 'write' | 'tools' | 'admin';

/** Narrows a query over many sessions to those of one owner; all sessions without it. */
export interface OwnerFilter {
  owner?: string | null | undefined;
}

/** Every scope, in the order in which people read them. */
export const scopes: readonly Scope[] = ['read', 'write', 'tools', 'admin'];
