import type { Store } from '@synapse/core';
import { copyStore, type CopyReport } from '@synapse/portability';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';

/** The progress report and the abort signal of work over a whole store. */
export interface WatchedWork {
  onProgress: (done: number, total: number) => void;
  signal: AbortSignal;
}

/** How an interface shows that long work is running. */
export type ShowWork = <T>(label: string, work: (watched: WatchedWork) => Promise<T>) => Promise<T>;

/** Copies a whole store, and holds each session of the target while it is written. */
export async function copyWithLeases(
  app: Pick<App, 'clock' | 'logger'>,
  source: Store,
  target: Store,
  { onProgress, signal }: WatchedWork,
): Promise<CopyReport> {
  const { messageCount } = await source.maintenance.info();
  return copyStore(source, target, {
    onProgress: ({ messageCount: done }) => onProgress(done, messageCount),
    signal,
    hold: (sessionId) => holdLeaseOf(app, target, sessionId),
  });
}
