import type { RetentionStep } from '@synapse/core';

/** What a cleanup does, or would do, to one session. */
export function stepToJson({ candidate, action, reason }: RetentionStep): object {
  const { sessionId, handle, title, messageCount, updatedAt } = candidate;
  return { sessionId, handle, title, messageCount, updatedAt, action, reason };
}
