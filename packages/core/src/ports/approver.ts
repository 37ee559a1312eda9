import type { ToolCallPart } from '../session/part.ts';
import type { Tool } from './tool-source.ts';

/** Decides whether a tool call may run: first a policy, then the user if there is one. */
export interface Approver {
  /** Rejects only with the signal's reason; if no user can be asked, the answer is no. */
  approve(call: ToolCallPart, tool: Tool, signal: AbortSignal): Promise<Approval>;
}

export type Approval =
  | { allowed: true }
  | {
      allowed: false;
      reason: string;
      /** Set if the user said no: the words that the user added, which may be empty. */
      rejection?: string;
      /**
       * Set if no user could be asked: the rules that would have allowed the call, if such rules
       * exist.
       */
      missingRules?: readonly string[];
    };
