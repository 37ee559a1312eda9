import type { LimitReachedError } from '../errors/run-errors.ts';
import type { Approval } from '../ports/approver.ts';
import type { Clock } from '../ports/clock.ts';
import type { ToolCallPart, ToolResultPart } from '../session/part.ts';
import { checkInput } from './check-input.ts';
import { INVALID_INPUT } from './repair-history.ts';
import type { RepeatGuard } from './repeat-guard.ts';
import type { OfferedTool, Toolbox } from './toolbox.ts';
import type { ToolEvent } from './turn-options.ts';

const MAX_CALLS = 64;

export interface ToolRun {
  calls: readonly ToolCallPart[];
  toolbox: Toolbox;
  repeats: RepeatGuard;
  /** Why none of the calls may be run. */
  refusal: string | null;
  clock: Clock;
  signal: AbortSignal;
  /** Receives the results one by one, so that an interrupted run loses none. */
  results: ToolResultPart[];
}

/**
 * Runs the calls of one answer in order, each once it is approved. Every call gets a result; a
 * refused call gets the reason. Throws the signal's reason, or a failure that the model must not
 * see.
 */
export async function* runTools(run: ToolRun): AsyncGenerator<ToolEvent> {
  for (const [index, call] of run.calls.entries()) {
    run.signal.throwIfAborted();
    const refusal = index < MAX_CALLS ? run.refusal : 'There are too many calls in one answer.';
    yield* runCall(call, refusal, run);
  }
}

async function* runCall(
  call: ToolCallPart,
  refusal: string | null,
  run: ToolRun,
): AsyncGenerator<ToolEvent> {
  const { clock, signal, results } = run;
  const end = (result: ToolResultPart, durationMs: number | null): ToolEvent => {
    results.push(result);
    return { type: 'tool-end', call, result, durationMs };
  };
  if (refusal === null) yield { type: 'tool-approval', call };
  const decision = refusal === null ? await decide(call, run) : refuse(refusal);
  const offered = run.toolbox.find(call.name);
  if (!decision.allowed || !offered) {
    const { reason = '', rejection } = decision.allowed ? {} : decision;
    yield { ...end(refused(call, reason), null), ...(rejection !== undefined && { rejection }) };
    return;
  }

  yield { type: 'tool-start', call };
  signal.throwIfAborted();
  const startedMs = clock.monotonicMs();
  const output = await offered.source.call(call.name, call.input, signal);
  run.repeats.noteRun(call, offered.tool);
  run.repeats.noteResult(call, output.output);
  const { attachments } = output;
  const result: ToolResultPart = {
    type: 'tool-result',
    id: call.id,
    name: call.name,
    output: output.output,
    isError: output.isError,
    ...(attachments.length > 0 && { attachments }),
  };
  yield end(result, Math.round(clock.monotonicMs() - startedMs));
}

async function decide(call: ToolCallPart, run: ToolRun): Promise<Approval> {
  if (call.invalidInput !== undefined) return refuse(INVALID_INPUT);
  const offered = run.toolbox.find(call.name);
  if (!offered) {
    return refuse(
      `There is no tool ${JSON.stringify(call.name)}. Available tools: ${run.toolbox.names().join(', ')}.`,
    );
  }
  if (!run.repeats.admit(call, offered.tool)) {
    return refuse(
      'This call was made before with the same arguments and the same result, so it was not run again. Use the earlier result, or do something else.',
    );
  }
  const decision = await checkAndApprove(call, offered, run);
  if (!decision.allowed) run.repeats.noteResult(call, decision.reason);
  return decision;
}

/** Checks the arguments before the user is asked: a call that cannot run needs no decision. */
async function checkAndApprove(
  call: ToolCallPart,
  { tool }: OfferedTool,
  { toolbox, signal }: ToolRun,
): Promise<Approval> {
  const problems = checkInput(call.input, tool.inputSchema);
  if (problems.length > 0) {
    return refuse(`The arguments of "${tool.name}" are wrong: ${problems.join(' ')}`);
  }
  return toolbox.approver.approve(call, tool, signal);
}

function refuse(reason: string): Approval {
  return { allowed: false, reason };
}

function refused({ id, name }: ToolCallPart, output: string): ToolResultPart {
  return { type: 'tool-result', id, name, output, isError: true };
}

/** The result that the model gets for calls beyond the limit. */
export function refusalFor(limit: LimitReachedError): string {
  return `${limit.message} The call was not run.`;
}
