import { createSessions } from './0001-create-sessions.ts';
import { createSearchIndex } from './0002-create-search-index.ts';
import { createRetentionMemo } from './0003-create-retention-memo.ts';
import { createContextIndex } from './0004-create-context-index.ts';
import { addPurged } from './0005-add-purged.ts';
import { createNewAttachments } from './0006-create-new-attachments.ts';
import { indexUnfinished } from './0007-index-unfinished.ts';
import { addRetentionIndex } from './0008-add-retention-index.ts';
import { createLedger } from './0009-create-ledger.ts';
import { addVariants } from './0010-add-variants.ts';
import { addSeals } from './0011-add-seals.ts';
import { addAskedModel } from './0012-add-asked-model.ts';
import { countAwaitedAttachments } from './0013-count-awaited-attachments.ts';
import { sealByChecksum } from './0014-seal-by-checksum.ts';
import { addOrigin } from './0015-add-origin.ts';
import { createImportMarks } from './0016-create-import-marks.ts';
import { keepImported } from './0017-keep-imported.ts';
import { addRevision } from './0018-add-revision.ts';
import { createChanges } from './0019-create-changes.ts';
import { createTokens } from './0020-create-tokens.ts';
import { createRuns } from './0021-create-runs.ts';
import { createAliases } from './0022-create-aliases.ts';
import { keepOwners } from './0023-keep-owners.ts';
import { createReceipts } from './0024-create-receipts.ts';
import { addLeaseRequested } from './0025-add-lease-requested.ts';
import type { Migration } from './migration.ts';

/** In the order in which they are applied; the number of a migration is its place here. */
export const migrations: readonly Migration[] = [
  createSessions,
  createSearchIndex,
  createRetentionMemo,
  createContextIndex,
  addPurged,
  createNewAttachments,
  indexUnfinished,
  addRetentionIndex,
  createLedger,
  addVariants,
  addSeals,
  addAskedModel,
  countAwaitedAttachments,
  sealByChecksum,
  addOrigin,
  createImportMarks,
  keepImported,
  addRevision,
  createChanges,
  createTokens,
  createRuns,
  createAliases,
  keepOwners,
  createReceipts,
  addLeaseRequested,
];
