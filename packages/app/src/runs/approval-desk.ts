import { joinSignals, newId, type Clock, type Store, type ToolCallPart } from '@synapse/core';
import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core/conversation';
import type { RunEvent, StoredApproval } from '@synapse/core/server';
import { approvalToJson } from './run-json.ts';

const HOUR_MS = 3_600_000;

/** The run whose tool call is to be approved. */
export interface AskingRun {
  id: string;
  sessionId: string;
  /** Shows the question to the readers of the run. */
  add(event: RunEvent): void;
}

/**
 * Asks whoever uses the server: a question is a row in the store, which any client may answer on any
 * server of the store. Nobody answering means no.
 */
export class ApprovalDesk {
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'approvals' | 'changes'>;
  readonly #expiresMs: number;

  constructor(clock: Clock, store: Pick<Store, 'approvals' | 'changes'>, expiresMs = HOUR_MS) {
    this.#clock = clock;
    this.#store = store;
    this.#expiresMs = expiresMs;
  }

  /** Rejects with the signal's reason when aborted; the question is withdrawn then. */
  async ask(
    run: AskingRun,
    call: ToolCallPart,
    question: ApprovalQuestion,
    signal: AbortSignal,
  ): Promise<ApprovalAnswer> {
    signal.throwIfAborted();
    const { approvals } = this.#store;
    const openedAt = this.#clock.now();
    const opened = await approvals.open({
      ...{ id: newId(openedAt.getTime()), sessionId: run.sessionId, runId: run.id },
      ...{ callId: call.id, question, openedAt },
      expiresAt: new Date(openedAt.getTime() + this.#expiresMs),
    });
    run.add({ type: 'approval-opened', data: approvalToJson(opened) });
    let closed: StoredApproval | undefined;
    try {
      closed = await this.#untilClosed(opened, signal);
    } finally {
      if (!closed) await approvals.withdraw(opened.id, this.#clock.now());
      const last = closed ?? (await approvals.get(opened.id));
      if (last) run.add({ type: 'approval-closed', data: approvalToJson(last) });
    }
    return closed?.answer ?? 'no';
  }

  /** Undefined if the session was removed meanwhile. */
  async #untilClosed(
    { id }: StoredApproval,
    signal: AbortSignal,
  ): Promise<StoredApproval | undefined> {
    const { approvals, changes } = this.#store;
    const done = new AbortController();
    const joined = joinSignals([signal, done.signal]);
    // Closing expired questions is a change, which wakes the loop below.
    this.#clock
      .sleep(this.#expiresMs, joined.signal)
      .then(() => approvals.expire(this.#clock.now()))
      .catch(() => undefined);
    try {
      // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a wake has no value
      for await (const _ of changes.wake(joined.signal)) {
        const found = await approvals.get(id);
        if (found?.state !== 'pending') return found;
      }
    } finally {
      done.abort();
      joined.release();
    }
    throw signal.reason;
  }
}
