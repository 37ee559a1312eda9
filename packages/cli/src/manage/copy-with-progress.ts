import type { Store } from '@synapse/core';
import { copyStore, type CopyReport } from '@synapse/portability';
import type { App } from '../wiring.ts';
import { toShortNumber } from '@synapse/core/words';
import { createProgress } from '@synapse/terminal';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import { listenForInterrupts } from '../output/interrupts.ts';

/** Copies a whole store with a bar on a terminal; Ctrl-C ends it between two sessions. */
export async function copyWithProgress(
  app: Pick<App, 'clock' | 'logger'>,
  source: Store,
  target: Store,
  label: string,
): Promise<CopyReport> {
  const { messageCount } = await source.maintenance.info();
  const progress = createProgress({ label, format: toShortNumber, terminal: process.stderr });
  const interrupts = listenForInterrupts();
  try {
    return await copyStore(source, target, {
      onProgress: ({ messageCount: done }) => progress.update(done, messageCount),
      signal: interrupts.signal,
      hold: (sessionId) => holdLeaseOf(app, target, sessionId),
    });
  } finally {
    interrupts.stop();
    progress.stop();
  }
}
