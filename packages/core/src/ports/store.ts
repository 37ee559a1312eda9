import type { ApprovalStore } from './approval-store.ts';
import type { AttachmentStore } from './attachment-store.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { ConversationAliases } from './conversation-aliases.ts';
import type { Identity } from './identity.ts';
import type { ReceiptStore } from './receipt-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { RunStore } from './run-store.ts';
import type { SessionSearch } from './session-search.ts';
import type { SessionStore } from './session-store.ts';
import type { StoreMaintenance } from './store-maintenance.ts';
import type { StoreTransfer } from './store-transfer.ts';
import type { TokenStore } from './token-store.ts';
import type { UsageStore } from './usage-store.ts';

/**
 * One open database. Opening migrates it; a failed open leaves nothing open. Every method of every
 * part rejects with a SynapseError if it cannot keep its contract, and then has no effect.
 */
export interface Store {
  readonly sessions: SessionStore;
  readonly search: SessionSearch;
  readonly attachments: AttachmentStore;
  readonly retention: RetentionStore;
  readonly transfer: StoreTransfer;
  readonly maintenance: StoreMaintenance;
  readonly usage: UsageStore;
  readonly changes: ChangeFeed;
  readonly tokens: TokenStore;
  readonly runs: RunStore;
  readonly approvals: ApprovalStore;
  readonly aliases: ConversationAliases;
  readonly receipts: ReceiptStore;
  /**
   * The same store for one owner: every query finds only the sessions of this owner, every new
   * session belongs to them, and the ids of other owners' sessions behave like unknown ones. Bytes
   * that none of their sessions uses need a receipt of the same token. Methods
   * that concern the whole store reject with NotPermittedError without the scope `admin`; its other
   * scopes are the caller's concern. `close` does nothing there, and `as` throws NotPermittedError:
   * only the program that opened the store decides who asks.
   */
  as(identity: Identity): Store;
  /** Waits for pending work. Nothing may be called afterwards. */
  close(): Promise<void>;
}
