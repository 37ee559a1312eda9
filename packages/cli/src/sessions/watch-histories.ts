import type { Store } from '@synapse/core';
import {
  importHistories,
  type ImportHistoriesOptions,
} from '@synapse/app/sessions/import-histories';
import type { App } from '@synapse/app/wiring';
import type { HistoryReceipt } from '@synapse/portability';
import { receiptLines, receiptSummary } from './history-receipt.ts';

const PAUSE_MS = 5000;

/** Imports again and again what was added, until the signal is aborted. */
export async function watchHistories(
  app: App,
  store: Store,
  options: ImportHistoriesOptions,
  notify: (line: string) => void,
): Promise<void> {
  notify('watching for new messages; Ctrl-C ends it');
  const known = new Set<string>();
  const { signal } = options;
  try {
    for (;;) {
      await app.clock.sleep(PAUSE_MS, signal);
      const changed: HistoryReceipt[] = [];
      for await (const receipt of importHistories(app, store, options)) {
        // What can't be read is reported once.
        for (const line of receiptLines(receipt)) {
          if (!known.has(line)) notify(line);
          known.add(line);
        }
        if (receipt.messageCount > 0) changed.push(receipt);
      }
      if (changed.length > 0) notify(receiptSummary(changed, false));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
