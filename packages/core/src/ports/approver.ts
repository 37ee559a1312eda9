import type { ToolCallPart } from '../session/part.ts';
import type { Tool } from './tool-source.ts';

/** Decides whether a tool call may run: a policy, and behind it a person where there is one. */
export interface Approver {
  /** Never rejects but with the signal's reason; where nobody can be asked, the answer is no. */
  approve(call: ToolCallPart, tool: Tool, signal: AbortSignal): Promise<Approval>;
}

export type Approval =
  | { allowed: true }
  | {
      allowed: false;
      reason: string;
      /** Set where nobody was there to ask: the rules that would have allowed it, if any can. */
      missingRules?: readonly string[];
    };
