import type { Session, Store } from '@synapse/core';
import {
  beginningOf,
  emptyReceipt,
  importSessions,
  isNdjsonExport,
  isSynapseExport,
  toUnreadable,
  type HistoryFile,
  type HistoryReceipt,
} from '@synapse/portability';
import { OWN_TOOL } from '@synapse/portability/history-tools';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';
import { countOverLimit, overLimitNotice } from './import-file.ts';
import { MOST_JSON_BYTES, tooLarge } from './open-import.ts';

const HEAD_LENGTH = 1024;

export interface OwnExportOptions {
  tags?: readonly string[] | undefined;
  /** Leaves out sessions whose last change is older. */
  since?: Date | undefined;
  isDryRun: boolean;
  signal: AbortSignal;
}

export async function isOwnExport(file: HistoryFile): Promise<boolean> {
  return isSynapseExport(await headOf(file));
}

async function headOf(file: HistoryFile): Promise<string> {
  return (await beginningOf(file, HEAD_LENGTH)).toString('utf8');
}

/** Imports an export of Synapse as `importSessions` does. */
export async function importOwnExport(
  app: Pick<App, 'clock' | 'logger' | 'settings'>,
  store: Store,
  file: HistoryFile,
  { tags = [], since, isDryRun, signal }: OwnExportOptions,
): Promise<HistoryReceipt> {
  const receipt = emptyReceipt(file.path, 'read', OWN_TOOL);
  const skip = (place: string, reason: string, isDamage = false): void => {
    receipt.skipped.push({ place, reason, isDamage });
  };
  const choose = (session: Session): Session | null => {
    if (since && session.updatedAt < since) {
      receipt.older += 1;
      return null;
    }
    return { ...session, tags: [...new Set([...session.tags, ...tags])] };
  };
  const hold = (id: string) => holdLeaseOf(app, store, id);
  try {
    if (file.byteLength > MOST_JSON_BYTES && !isNdjsonExport(await headOf(file))) throw tooLarge();
    const report = await importSessions(store, () => file.bytes(), {
      ...{ isDryRun, signal, hold, choose },
    });
    const { added, extended, forked, presentIds, renamed, refused, messageCount } = report;
    for (const { id, handle } of renamed) {
      skip(`session ${id}`, `was imported without its name "${handle}", which another session has`);
    }
    for (const { id, reason } of refused) skip(`session ${id}`, reason, true);
    const sessionIds = [...[...added, ...extended, ...forked].map(({ id }) => id), ...presentIds];
    const overLimitCount = await countOverLimit(app, store, report);
    if (overLimitCount > 0) skip('file', overLimitNotice(overLimitCount));
    return {
      ...receipt,
      ...{ added: added.length, extended: extended.length, forked: forked.length },
      ...{ unchanged: presentIds.length, leftOut: refused.length, messageCount, sessionIds },
      sessionCount: sessionIds.length + receipt.older + refused.length,
    };
  } catch (error) {
    const { message, hint } = toUnreadable(error);
    skip('file', hint === undefined ? message : `${message} ${hint}`, true);
    return receipt;
  }
}
