import type { Approval, Approver } from '../ports/approver.ts';
import type { Tool } from '../ports/tool-source.ts';
import type { ToolCallPart } from '../session/part.ts';
import { describeCall, type CallDescription } from './describe-call.ts';
import { suggestRules } from './suggest-rule.ts';
import { decideCall, type Decision, type ToolPolicy } from './tool-policy.ts';
import { parseToolRule, type ToolRule } from './tool-rule.ts';

export interface ApproverOptions {
  /** Read at every call, because the mode may change during a session. */
  policy: () => ToolPolicy;
  /**
   * Asks the user; null if there is no user to ask. Rejects with the signal's reason when aborted.
   */
  ask:
    | ((
        question: ApprovalQuestion,
        signal: AbortSignal,
        call: ToolCallPart,
      ) => Promise<ApprovalAnswer | Rejection>)
    | null;
  /** Stores rules for later sessions. */
  remember: (rules: readonly string[]) => Promise<void>;
}

export interface ApprovalQuestion extends CallDescription {
  /** The change that the call would make to a file, as a unified diff, if the tool can tell. */
  change?: string;
  /** Why the user is asked. */
  reason: string;
  /** Whether no rule could have avoided the question, because something required is missing. */
  isInsisted: boolean;
  /** What `session` and `always` would allow from now on; empty if only `once` is offered. */
  rules: string[];
  /**
   * The `ask` rule in the settings that makes `always` useless: it would ask about the same call
   * again in every later session. Null if the rules can be remembered.
   */
  askRule: string | null;
}

export type ApprovalAnswer = 'once' | 'session' | 'always' | 'no';

/** A no whose words go to the model. */
export interface Rejection {
  answer: 'no';
  /** The user's words; may be empty. */
  reason: string;
}

export interface PolicyApprover extends Approver {
  /** The session has ended, and its permissions with it. */
  endSession(): void;
}

/** Lets the policy decide, and asks the user if the policy can't; one question at a time. */
export function createApprover({ policy, ask, remember }: ApproverOptions): PolicyApprover {
  const lasting: ToolRule[] = [];
  let granted: ToolRule[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  const decide = async (call: ToolCallPart, tool: Tool): Promise<Decision> => {
    const current = policy();
    const decision = await decideCall(call, tool, current);
    if (decision.verdict !== 'ask' || lasting.length + granted.length === 0) return decision;
    // A grant answers a question; it never overrides a refusal. One that lasts is a rule of the settings,
    // and gives way to later rules that ask, such as those of an agent.
    const rules = [...lasting, ...current.rules, ...granted];
    return decideCall(call, tool, { ...current, rules });
  };

  /** In the settings, rules that allow come before rules that ask, and the last match decides. */
  const ruleThatStillAsks = async (
    call: ToolCallPart,
    tool: Tool,
    suggested: readonly string[],
  ): Promise<string | null> => {
    const current = policy();
    const isAllowing = ({ verdict }: ToolRule) => verdict === 'allow';
    const rules = [
      ...current.rules.filter(isAllowing),
      ...suggested.map((rule) => parseToolRule(rule, 'allow')),
      ...current.rules.filter((rule) => !isAllowing(rule)),
    ];
    const { rule } = await decideCall(call, tool, { ...current, rules });
    return rule?.verdict === 'ask' ? rule.text : null;
  };

  const askPerson = async (
    insisting: string | null,
    call: ToolCallPart,
    tool: Tool,
    signal: AbortSignal,
  ): Promise<Approval> => {
    signal.throwIfAborted();
    // An answer given in the meantime may cover this call too.
    const { verdict, reason } = await decide(call, tool);
    if (verdict === 'deny') return refuse(call, reason);
    if (verdict === 'allow' && insisting === null) return { allowed: true };
    // A call that must be asked about each time is not remembered.
    const rules = insisting === null ? await suggestRules(call, tool, policy().parseShell) : [];
    const isInsisted = insisting !== null;
    const why = insisting ?? reason;
    const askRule = rules.length === 0 ? null : await ruleThatStillAsks(call, tool, rules);
    if (!ask) return { ...refuse(call, `${why} ${withoutPerson(rules)}`), missingRules: rules };
    const change = (await tool.previewChange?.(call.input)) ?? undefined;
    const answer = await ask(
      {
        ...describeCall(call, tool),
        ...{ reason: why, isInsisted, rules, askRule },
        ...(change !== undefined && { change }),
      },
      signal,
      call,
    );
    if (answer === 'no') return reject('');
    if (typeof answer !== 'string') return reject(answer.reason.trim());
    const isLasting = answer === 'always' && askRule === null;
    if (answer !== 'once') {
      (isLasting ? lasting : granted).push(...rules.map((rule) => parseToolRule(rule, 'allow')));
    }
    if (isLasting) await remember(rules);
    return { allowed: true };
  };

  return {
    endSession() {
      granted = [];
    },

    async approve(call, tool, signal) {
      const { verdict, reason } = await decide(call, tool);
      if (verdict === 'deny') return refuse(call, reason);
      const insisting = (await tool.mustAsk?.()) ?? null;
      if (verdict === 'allow' && insisting === null) return { allowed: true };
      const turn = queue.then(() => askPerson(insisting, call, tool, signal));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

function refuse(call: ToolCallPart, reason: string): Approval & { allowed: false } {
  return { allowed: false, reason: `The call of "${call.name}" is not permitted. ${reason}` };
}

function reject(rejection: string): Approval {
  const words = rejection === '' ? '.' : `: ${rejection}`;
  return { allowed: false, reason: `The user rejected the call${words}`, rejection };
}

function withoutPerson(rules: readonly string[]): string {
  if (rules.length === 0) return 'It needs approval, and no user can be asked.';
  return `No user can be asked; ${rules.length === 1 ? 'this rule' : 'these rules together'} would allow it: ${rules.map((rule) => `"${rule}"`).join(', ')}`;
}
