import type { RunEnd } from '@synapse/app/runs/active-run';
import { StorageError, toUsd } from '@synapse/core';
import { Metrics } from './metrics.ts';

interface ServedRequest {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

/** The figures of one server since its start. */
export class ServerFigures {
  readonly #metrics = new Metrics();

  served({ method, route, status, seconds }: ServedRequest): void {
    const labels = { method, route };
    const requests = 'synapse_http_requests_total';
    this.#metrics.count(requests, 'Requests, by route and status.', { ...labels, status });
    const duration = 'synapse_http_request_duration_seconds';
    this.#metrics.observe(duration, 'Time until the reply began.', seconds, labels);
  }

  /** Counts a failure of the store, and no other one. */
  failed(error: unknown): void {
    if (!(error instanceof StorageError)) return;
    const { code } = error;
    this.#metrics.count('synapse_store_errors_total', 'Failures of the store.', { code });
  }

  runEnded({ outcome, spent }: RunEnd): void {
    this.#metrics.count('synapse_runs_total', 'Ended runs, by outcome.', { outcome });
    if (!spent) return;
    const { usage, costNanoUsd } = spent;
    const tokens = { input: usage?.inputTokens ?? 0, output: usage?.outputTokens ?? 0 };
    for (const [kind, count] of Object.entries(tokens)) {
      this.#metrics.count('synapse_tokens_total', 'Tokens of answered runs.', { kind }, count);
    }
    const cost = toUsd(costNanoUsd);
    this.#metrics.count('synapse_cost_usd_total', 'Cost of answered runs, in dollars.', {}, cost);
  }

  /** The same events, while which the stream counts as followed. */
  async *watched<Event>(
    stream: 'run' | 'changes',
    events: AsyncGenerator<Event>,
  ): AsyncGenerator<Event> {
    const change = (by: number) =>
      this.#metrics.change('synapse_watchers', 'Open streams of events.', by, { stream });
    change(1);
    try {
      yield* events;
    } finally {
      change(-1);
    }
  }

  /** In the text format of Prometheus. */
  render(activeRuns: number): string {
    const active = '# HELP synapse_runs_active Runs that this server works on.';
    return `${this.#metrics.render()}${active}
# TYPE synapse_runs_active gauge
synapse_runs_active ${activeRuns}
`;
  }
}
