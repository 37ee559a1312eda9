/**
 * A turn of a session: who may write, the content of a request, the approval of tool calls, and
 * summaries.
 */
export { limitTime } from './conversation/limit-time.ts';
export { holdLease, type HeldLease, type HoldOptions } from './conversation/hold-lease.ts';
export { holderState, thisProcess, type HolderState } from './conversation/process-identity.ts';
export {
  blankStart,
  createOrFind,
  findSession,
  findTarget,
  getSession,
  resolveSession,
  type SessionStart,
  type Target,
} from './conversation/resolve-session.ts';
export { listVariants, type TurnVariant } from './conversation/list-variants.ts';
export { runTurn } from './conversation/run-turn.ts';
export type {
  ToolEvent,
  TurnBudget,
  TurnContext,
  TurnEvent,
  TurnOptions,
  TurnSessions,
  TurnSpending,
  TurnTools,
} from './conversation/turn-options.ts';
export { MessageCollector } from './conversation/collect-message.ts';
export type { StoredMessage } from './conversation/clean-parts.ts';
export { Toolbox } from './conversation/toolbox.ts';
export { toRequestMessages } from './conversation/to-request-messages.ts';
export type { UtilityModel } from './conversation/ask-utility-model.ts';
export { nameSession, toTitle } from './conversation/name-session.ts';
export { checkInput } from './conversation/check-input.ts';
export {
  createApprover,
  type ApprovalAnswer,
  type Rejection,
  type ApprovalQuestion,
  type ApproverOptions,
} from './approval/create-approver.ts';
export { describeCall } from './approval/describe-call.ts';
export { decideCall, type ToolMode } from './approval/tool-policy.ts';
export {
  parseToolRule,
  parseToolRules,
  type RuleLists,
  type ToolRule,
} from './approval/tool-rule.ts';
export { budgetOf, limitsOf, type ModelLimits } from './context/context-budget.ts';
export { pinMessage, resetContext } from './context/change-context.ts';
export { answerTokensOf } from './context/read-context.ts';
export { compactSession, type CompactReport } from './context/compact-session.ts';
export { type NoteWriter } from './context/context-note.ts';
export { defaultContextSettings, type ContextSettings } from './context/context-settings.ts';
export { reportContext, type ContextReport } from './context/report-context.ts';
export { SessionContext, type ContextNotice } from './context/session-context.ts';
