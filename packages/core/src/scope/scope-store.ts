import { NotPermittedError } from '../errors/run-errors.ts';
import type { AttachmentStore } from '../ports/attachment-store.ts';
import type { ChangeFeed } from '../ports/change-feed.ts';
import type { ConversationAliases } from '../ports/conversation-aliases.ts';
import type { Identity } from '../ports/identity.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { RetentionStore } from '../ports/retention-store.ts';
import type { StoreMaintenance } from '../ports/store-maintenance.ts';
import type { Store } from '../ports/store.ts';
import { Access } from './access.ts';
import { scopeApprovals, scopeRuns, scopeTokens } from './scope-runs.ts';
import { scopeSessions } from './scope-sessions.ts';
import { scopeTransfer } from './scope-transfer.ts';

/**
 * `Store.as` for every store. The owner of a session never changes, so a session that was looked up
 * for its owner can't belong to another one when it is changed.
 */
export function scopeStore(store: Store, identity: Identity): Store {
  const access = new Access(store, identity);
  const { owner } = access;
  return {
    sessions: scopeSessions(store.sessions, access),
    search: { search: (query, page) => store.search.search({ ...query, owner }, page) },
    attachments: scopeAttachments(store, identity),
    usage: {
      usage: (query) => store.usage.usage({ ...query, owner }),
      sessionTotals: () => store.usage.sessionTotals({ owner }),
    },
    transfer: scopeTransfer(store.transfer, access),
    retention: forAdmins(store.retention, access, RETENTION),
    maintenance: scopeMaintenance(store.maintenance, access),
    changes: scopeChanges(store.changes, access),
    tokens: scopeTokens(store.tokens, access),
    runs: scopeRuns(store.runs, access),
    approvals: scopeApprovals(store.approvals, access),
    aliases: scopeAliases(store.aliases, access),
    receipts: scopeReceipts(store.receipts, identity),
    as: () => {
      throw new NotPermittedError('A store of one owner does not open that of another.');
    },
    close: async () => undefined,
  };
}

function scopeChanges(changes: ChangeFeed, access: Access): ChangeFeed {
  return {
    position: () => changes.position(),
    since: (position, limit) => changes.since(position, limit, { owner: access.owner }),
    wake: (signal) => changes.wake(signal),
    prune: async (madeBefore) => {
      access.requireAdmin();
      return changes.prune(madeBefore);
    },
  };
}

function scopeAliases(aliases: ConversationAliases, access: Access): ConversationAliases {
  const { owner } = access;
  return {
    find: (kind, value) => aliases.find(kind, value, { owner }),
    set: async (kind, value, sessionId) => {
      await access.requireSession(sessionId);
      return aliases.set(kind, value, sessionId);
    },
    findPrefix: (hashes) => aliases.findPrefix(hashes, { owner }),
    addPrefixes: async (prefixes) => {
      for (const { sessionId } of prefixes) await access.requireSession(sessionId);
      return aliases.addPrefixes(prefixes);
    },
  };
}

/** Bytes that no session of the owner uses yet are given to the token that has uploaded them. */
function scopeAttachments(
  { attachments, receipts }: Store,
  { owner, tokenId }: Identity,
): AttachmentStore {
  return {
    put: (attachment) => attachments.put(attachment),
    get: async (sha256, holder) => {
      const held = await attachments.get(sha256, { ...holder, owner });
      if (held || holder?.sessionId !== undefined || tokenId === null) return held;
      return (await receipts.find(tokenId, sha256)) && attachments.get(sha256);
    },
  };
}

/** Receipts belong to a token, so that one token can't use the uploads of another. */
function scopeReceipts(receipts: ReceiptStore, { tokenId }: Identity): ReceiptStore {
  return {
    keep: async (receipt, keptSince) => {
      if (receipt.tokenId === tokenId) return receipts.keep(receipt, keptSince);
      throw new NotPermittedError('A receipt of another token cannot be stored.');
    },
    find: async (of, key) => (of === tokenId ? receipts.find(of, key) : undefined),
  };
}

type Methods<Port> = Record<keyof Port, true>;

const RETENTION: Methods<RetentionStore> = {
  ...{ candidates: true, activityAtRank: true, countActive: true, newestActivity: true },
  ...{ mark: true, expiredTrash: true, trash: true, purge: true, scrub: true },
  ...{ isScrubDue: true, dropForgotten: true, audit: true, memo: true, saveMemo: true },
  ...{ claim: true, releaseClaim: true },
};
const MAINTENANCE: Methods<Omit<StoreMaintenance, 'fileBackup'>> = {
  ...{ info: true, place: true, schema: true, rollBack: true, check: true, sizes: true },
  ...{ vacuum: true, analyze: true },
};

function scopeMaintenance(maintenance: StoreMaintenance, access: Access): StoreMaintenance {
  const { fileBackup } = maintenance;
  return {
    ...forAdmins<Omit<StoreMaintenance, 'fileBackup'>>(maintenance, access, MAINTENANCE),
    fileBackup: fileBackup && forAdmins(fileBackup, access, { write: true }),
  };
}

/** The port with methods that reject without the scope `admin`. */
function forAdmins<Port extends object>(port: Port, access: Access, methods: Methods<Port>): Port {
  const guarded = Object.keys(methods).map((name) => {
    const method = port[name as keyof Port] as (...given: unknown[]) => Promise<unknown>;
    return [
      name,
      async (...given: unknown[]) => {
        access.requireAdmin();
        return method.apply(port, given);
      },
    ];
  });
  return Object.fromEntries(guarded) as Port;
}
