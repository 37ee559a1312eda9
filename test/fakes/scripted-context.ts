import type { ModelRequest, TurnContext } from '@synapse/core';

/** A context whose requests a test makes by hand, and that can't send less. */
export function scriptedContext(
  build: (tools: ModelRequest['tools']) => Promise<ModelRequest>,
): TurnContext {
  return { request: ({ tools = [] }) => build(tools), tighten: () => false };
}
