import { setFlagsFromString } from 'node:v8';
import type { Store } from '@synapse/core';
import { countOf, toByteSize, toDuration } from '@synapse/core/words';
import {
  importHistories,
  type ImportHistoriesOptions,
} from '@synapse/app/sessions/import-histories';
import type { App } from '@synapse/app/wiring';
import type { HistoryReceipt } from '@synapse/portability';
import { createProgress } from '@synapse/terminal';
import { receiptLines } from './history-receipt.ts';

/** Imports histories with a progress bar on a terminal: bytes, sessions, speed and the time left. */
export async function importWithProgress(
  app: App,
  store: Store,
  options: ImportHistoriesOptions,
  notify?: (line: string) => void,
): Promise<HistoryReceipt[]> {
  // V8 would let the memory grow to several times what the messages in work need.
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--semi-space-growth-factor=1');
  const receipts: HistoryReceipt[] = [];
  const start = app.clock.monotonicMs();
  let sessionCount = 0;
  const progress = createProgress({
    label: 'importing',
    format: toByteSize,
    terminal: process.stderr,
  });
  const onProgress = (done: number, total: number): void => {
    const elapsedMs = app.clock.monotonicMs() - start;
    const left = toDuration(Math.round((elapsedMs * (total - done)) / Math.max(1, done)));
    const speed = toByteSize((done * 1000) / Math.max(1, elapsedMs));
    progress.update(done, total, ` ${countOf(sessionCount, 'session')}, ${speed}/s, ${left} left`);
  };
  try {
    for await (const receipt of importHistories(app, store, { ...options, onProgress })) {
      receipts.push(receipt);
      sessionCount += receipt.sessionIds.length;
      for (const line of receiptLines(receipt)) notify?.(line);
    }
  } finally {
    progress.stop();
  }
  return receipts;
}
