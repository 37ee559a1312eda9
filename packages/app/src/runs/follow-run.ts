import {
  RunNotFoundError,
  type PlacedRunEvent,
  type Run,
  type RunStore,
} from '@synapse/core/server';
import type { RunLog } from './run-log.ts';

const PAGE = 200;

/**
 * `reset`: events after the reader's position are missing. The events that follow count from
 * `position`; if that is not 0, the messages of the session have the content of the earlier ones.
 */
export type RunNews =
  { type: 'event'; event: PlacedRunEvent } | { type: 'reset'; run: Run; position: number };

export interface RunSource {
  runs: Pick<RunStore, 'get' | 'read' | 'wake'>;
  /** Of a run of this process. */
  log: RunLog | undefined;
}

/**
 * The events of a run after a position, until its end or until the signal aborts. A reader gets the
 * next event when it takes it, so a slow one needs no memory.
 */
export async function* followRun(
  source: RunSource,
  { runId, after }: { runId: string; after: number },
  signal: AbortSignal,
): AsyncGenerator<RunNews> {
  const { runs, log } = source;
  let position = after;
  const wakes = log ? log.news(signal) : runs.wake(runId, signal);
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a wake has no value
  for await (const _ of wakes) {
    for (;;) {
      if (position === log?.position && !log.hasEnded) break;
      // Read first, so that the events up to the position of the run must be found.
      const run = await runs.get(runId);
      if (!run) throw new RunNotFoundError(runId);
      const recent = log && position <= log.position ? log.recentAfter(position) : null;
      const events = recent ?? (await runs.read(runId, { after: position, limit: PAGE }));
      const isMissing = events[0] ? events[0].position !== position + 1 : position !== run.position;
      if (isMissing) {
        position = run.outcome === null ? 0 : run.position;
        yield { type: 'reset', run, position };
        continue;
      }
      for (const event of events) {
        if (signal.aborted) return;
        yield { type: 'event', event };
        position = event.position;
      }
      if (events.length > 0) continue;
      if (run.outcome !== null || log?.hasEnded) return;
      break;
    }
  }
}
