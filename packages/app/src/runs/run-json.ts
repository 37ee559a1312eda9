import type { JsonObject } from '@synapse/core';
import type { Run, StoredApproval } from '@synapse/core/server';

/** A run as other programs see it. */
export function runToJson(run: Run): JsonObject {
  const { id, sessionId, outcome, startedAt, endedAt, isCancelRequested, position } = run;
  return {
    ...{ id, sessionId, state: outcome ?? 'active', isCancelRequested, position },
    ...{ startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
  };
}

/** A question whether a tool call may run, as other programs see it. */
export function approvalToJson(approval: StoredApproval): JsonObject {
  const { id, sessionId, runId, callId, question, state, answer, decidedBy } = approval;
  const { tool, effect, details, warnings, reason, isInsisted, rules, askRule } = question;
  const { openedAt, expiresAt, closedAt } = approval;
  return {
    ...{ id, sessionId, runId, callId, state, answer, decidedBy },
    question: {
      ...{ tool, effect, warnings, reason, isInsisted, rules, askRule },
      details: details.map(({ name, text }) => ({ name, text })),
    },
    ...{ openedAt: openedAt.toISOString(), expiresAt: expiresAt.toISOString() },
    closedAt: closedAt?.toISOString() ?? null,
  };
}
