import { createHash } from 'node:crypto';
import {
  InterruptedError,
  InvalidDataError,
  SessionHeldError,
  type Session,
  type Store,
} from '@synapse/core';
import { getSession, type ToolMode } from '@synapse/core/conversation';
import type { BegunRun, Run } from '@synapse/core/server';
import { openAgent } from '../agent/open-agent.ts';
import { chooseModel } from '../conversation/choose-model.ts';
import { Conversation } from '../conversation/conversation.ts';
import { agentOf } from '../profiles/session-profile.ts';
import type { App } from '../wiring.ts';
import { ActiveRunError } from './active-run-error.ts';
import { ActiveRun, type RunEnd, type RunQuestion } from './active-run.ts';
import { AgentPool, type OpenRunAgent } from './agent-pool.ts';
import { ApprovalDesk } from './approval-desk.ts';
import { CancelWatch } from './cancel-watch.ts';
import { followRun, type RunNews } from './follow-run.ts';
import { RunRecovery } from './run-recovery.ts';
import { whenSessionIsFree, type SessionWait } from './when-session-is-free.ts';

export interface RunRequest extends RunQuestion {
  /** `provider/model` or an alias; that of the session by default. */
  model?: string | undefined;
  /** The tools that the model may call; the settings decide how many at most. */
  tools?: ToolMode | undefined;
}

export interface RunRegistryOptions {
  app: App;
  store: Store;
  openAgent?: OpenRunAgent;
  onEnd?: ((end: RunEnd) => void) | undefined;
  /** Called when events or the end of a run could not be stored. */
  onStoreError?: ((error: unknown) => void) | undefined;
}

/**
 * The runs of a server. A run belongs to no connection: it goes on whoever leaves, any number of
 * readers follow it, and it ends by itself, by a cancellation, or with the server. The store knows
 * the runs of all servers, so that each of them can show and cancel every run.
 */
export class RunRegistry {
  readonly #options: RunRegistryOptions;
  readonly #app: App;
  readonly #store: Store;
  readonly #agents: AgentPool;
  readonly #active = new Map<string, ActiveRun>();
  /** The last request to begin a run in a session: the next one waits for it. */
  readonly #starts = new Map<string, Promise<unknown>>();
  readonly #cancels: CancelWatch;
  readonly #recovery: RunRecovery;
  readonly #stopping = new AbortController();

  constructor(options: RunRegistryOptions) {
    const { app, store, openAgent: open } = options;
    this.#options = options;
    this.#app = app;
    this.#store = store;
    const desk = new ApprovalDesk(app.clock, store, app.settings.serve.approval_timeout * 1000);
    this.#agents = new AgentPool(open ?? agentOpener(app, store), desk, app.logger);
    this.#cancels = new CancelWatch(app, store, this.#active);
    this.#recovery = new RunRecovery(app, store, this.#active);
  }

  /** The runs that this process works on now. */
  get activeCount(): number {
    return this.#active.size;
  }

  /** Aborted when the server begins to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Stores the question and begins to answer it; resolves once the question can't be lost. Repeating
   * a request returns the run that it began. Rejects with InvalidDataError if the run or the message
   * with this id belongs to another request, with ActiveRunError if the session has another active
   * run, with SessionHeldError if another process has it open, both when the wait is over, and as
   * `Conversation.ask` does.
   */
  start(request: RunRequest, wait: SessionWait = {}): Promise<BegunRun> {
    return whenSessionIsFree(this.#app, this.#store, wait, (isForced) =>
      this.#startInTurn(request, isForced),
    );
  }

  async #startInTurn(request: RunRequest, isForced: boolean): Promise<BegunRun> {
    if (this.stopping.aborted) {
      throw new InterruptedError('The server is stopping, and begins nothing new.', {
        hint: 'Ask again when it has started.',
      });
    }
    const { sessionId } = request;
    const before = this.#starts.get(sessionId);
    const start = (before ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#start(request, isForced));
    this.#starts.set(sessionId, start);
    try {
      return await start;
    } finally {
      if (this.#starts.get(sessionId) === start) this.#starts.delete(sessionId);
    }
  }

  /** The events after a position, and those that follow, until the end of the run. */
  follow(run: Pick<Run, 'id'>, after: number, signal: AbortSignal): AsyncGenerator<RunNews> {
    return followRun(
      { runs: this.#store.runs, log: this.#active.get(run.id)?.log },
      { runId: run.id, after },
      signal,
    );
  }

  /** Asks the server that works on the run to end it; does nothing if it has ended. */
  async cancel(runId: string): Promise<void> {
    await this.#store.runs.requestCancel(runId);
    this.#active.get(runId)?.stop('cancelled');
  }

  /** Looks after runs whose process has died: now, and from time to time until `stop`. */
  async watch(): Promise<void> {
    await this.#recovery.recover();
    void this.#recovery.keepRecovering(this.stopping);
  }

  /** Begins nothing new, gives the runs this time to end, and then interrupts them. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#starts.values());
    const runs = [...this.#active.values()];
    const ends = Promise.all(runs.map(({ done }) => done));
    const waiting = new AbortController();
    const patience = this.#app.clock.sleep(patienceMs, waiting.signal).catch(() => undefined);
    await Promise.race([ends, patience]);
    waiting.abort();
    for (const run of runs) run.stop('interrupted');
    await ends;
    await this.#agents.close();
  }

  async #start(request: RunRequest, isForced: boolean): Promise<BegunRun> {
    const { runs, sessions } = this.#store;
    const { id, sessionId } = request;
    const hash = hashOf(request);
    const repeated = async (): Promise<BegunRun | undefined> => {
      const run = await runs.get(id);
      if (run && (run.requestHash !== hash || run.sessionId !== sessionId))
        throw isOther('run', id);
      return run && { run, isNew: false };
    };
    const known = await repeated();
    if (known) return known;
    const session = await getSession(sessions, sessionId);
    const own = [...this.#active.values()].find((run) => run.sessionId === sessionId);
    if (own && !own.log.hasEnded) throw new ActiveRunError(sessionId, own.id);
    await own?.done;
    const run = new ActiveRun(this.#options, request);
    const conversation = await this.#open(session, run, request);
    const close = async () => {
      await conversation.close();
      await this.#agents.leave(run);
      this.#active.delete(id);
      if (this.#active.size === 0) this.#cancels.stop();
    };
    try {
      const before = isForced ? await runs.active(sessionId) : undefined;
      if (before) throw new ActiveRunError(sessionId, before.id);
      const heldElsewhere = await openIfFree(conversation, session, isForced);
      // Another server may have begun this run meanwhile, or another one.
      const twin = await repeated();
      if (twin) {
        await close();
        return twin;
      }
      const other = await runs.active(sessionId);
      if (heldElsewhere) throw other ? new ActiveRunError(sessionId, other.id) : heldElsewhere;
      if (other) await this.#recovery.endOrphan(other, (await conversation.use()).lease);
      await this.#refuseOtherMessage(request);
      this.#active.set(id, run);
      this.#cancels.start();
      return await run.begin(conversation, request, hash, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  async #open(
    session: Session,
    run: ActiveRun,
    { model, tools }: RunRequest,
  ): Promise<Conversation> {
    const { settings } = this.#app;
    const opened = await this.#app.openModel(chooseModel({ model }, session, settings));
    const mode = atMost(settings.tools.mode, tools);
    const agent = await this.#agents.enter(run, mode, agentOf(session));
    return new Conversation(this.#app, { store: this.#store, model: opened, agent });
  }

  /** A message with this id must be the last of the session, and the same question. */
  async #refuseOtherMessage({ id, sessionId, parts }: RunRequest): Promise<void> {
    const { sessions } = this.#store;
    const found = await sessions.message(sessionId, id);
    if (!found) return;
    const [last] = await sessions.messages(sessionId, { limit: 1, turns: 'all' });
    const isSame = found.role === 'user' && JSON.stringify(found.parts) === JSON.stringify(parts);
    if (!isSame || last?.id !== id) throw isOther('message', id);
  }
}

async function openIfFree(
  conversation: Conversation,
  session: Session,
  isTakenOver: boolean,
): Promise<SessionHeldError | null> {
  try {
    await conversation.open(session, { isTakenOver });
    return null;
  } catch (error) {
    if (!(error instanceof SessionHeldError)) throw error;
    const hint = 'Take it over, wait for it, or fork the session and continue with the copy.';
    return new SessionHeldError(error.lease, error.hasExpired, { cause: error, hint });
  }
}

function agentOpener(app: App, store: Store): OpenRunAgent {
  const warn = (text: string) => app.logger.warn({ text }, 'a problem with tools');
  return (ask) =>
    openAgent(app, store, { flags: { tools: 'none', yolo: false }, ask, notify: warn, warn });
}

const extent: Readonly<Record<ToolMode, number>> = { none: 0, read: 1, plan: 1, all: 2 };

/** The requested tools, as far as the settings allow them. */
function atMost(most: ToolMode, requested: ToolMode = most): ToolMode {
  return extent[requested] <= extent[most] ? requested : most;
}

function hashOf({ sessionId, parts, model, tools }: RunRequest): string {
  const text = JSON.stringify([sessionId, parts, model ?? null, tools ?? null]);
  return createHash('sha256').update(text).digest('hex');
}

function isOther(what: 'run' | 'message', id: string): InvalidDataError {
  return new InvalidDataError(`A ${what} of another request has the id ${id}.`, {
    hint: 'Make a new id for another question.',
  });
}
