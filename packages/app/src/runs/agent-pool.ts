import type { Logger, ToolCallPart } from '@synapse/core';
import type { ApprovalAnswer, ApprovalQuestion, ToolMode } from '@synapse/core/conversation';
import type { Agent, AgentLimits, AgentOptions } from '../agent/open-agent.ts';
import type { ConversationAgent } from '../conversation/conversation.ts';
import type { ApprovalDesk, AskingRun } from './approval-desk.ts';

const MOST_IDLE = 8;

export type RunAgent = Pick<Agent, 'tools' | 'switchTo' | 'limitTo' | 'endSession' | 'close'>;
export type OpenRunAgent = (ask: NonNullable<AgentOptions['ask']>) => Promise<RunAgent>;

interface Seat {
  agent: Promise<RunAgent>;
  /** The run that asks; null between runs. */
  run: AskingRun | null;
}

/**
 * The tools of the sessions that have runs. A session keeps its own between runs, because they know
 * what the user has approved for the session.
 */
export class AgentPool {
  readonly #open: OpenRunAgent;
  readonly #desk: ApprovalDesk;
  readonly #logger: Logger;
  /** By session; the one that was used last is the last. */
  readonly #seats = new Map<string, Seat>();

  constructor(open: OpenRunAgent, desk: ApprovalDesk, logger: Logger) {
    this.#open = open;
    this.#desk = desk;
    this.#logger = logger;
  }

  /** The tools of a run, until `leave`; `limits` are those of the agent that its session began with. */
  async enter(
    run: AskingRun,
    mode: ToolMode,
    limits: AgentLimits | null,
  ): Promise<ConversationAgent> {
    const seat = this.#seats.get(run.sessionId) ?? this.#openSeat();
    this.#seats.delete(run.sessionId);
    this.#seats.set(run.sessionId, seat);
    seat.run = run;
    try {
      const agent = await seat.agent;
      await agent.switchTo(mode);
      await agent.limitTo(limits);
      return {
        get tools() {
          return agent.tools;
        },
        endSession: () => undefined,
      };
    } catch (error) {
      this.#seats.delete(run.sessionId);
      throw error;
    }
  }

  async leave({ sessionId }: AskingRun): Promise<void> {
    const seat = this.#seats.get(sessionId);
    if (seat) seat.run = null;
    const idle = [...this.#seats].filter(([, { run }]) => run === null);
    await Promise.all(idle.slice(0, -MOST_IDLE).map(([id]) => this.#close(id)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats.keys()].map((id) => this.#close(id)));
  }

  #openSeat(): Seat {
    const ask = (question: ApprovalQuestion, signal: AbortSignal, call: ToolCallPart) =>
      this.#ask(seat, question, signal, call);
    const seat: Seat = { agent: this.#open(ask), run: null };
    return seat;
  }

  async #ask(
    { run }: Seat,
    question: ApprovalQuestion,
    signal: AbortSignal,
    call: ToolCallPart,
  ): Promise<ApprovalAnswer> {
    return run ? this.#desk.ask(run, call, question, signal) : 'no';
  }

  async #close(sessionId: string): Promise<void> {
    const seat = this.#seats.get(sessionId);
    this.#seats.delete(sessionId);
    try {
      await (await seat?.agent)?.close();
    } catch (error) {
      this.#logger.warn({ error, sessionId }, 'the tools of a session could not be closed');
    }
  }
}
