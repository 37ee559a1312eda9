import type { ModelRequest } from '@synapse/core';
import type { TurnContext } from '@synapse/core/conversation';

/** A context whose requests a test makes by hand, and that can't send less. */
export function scriptedContext(
  build: (tools: ModelRequest['tools']) => Promise<ModelRequest>,
): TurnContext {
  return { request: ({ tools = [] }) => build(tools), tighten: () => false };
}
