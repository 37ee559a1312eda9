import type { OutputSchema } from '@synapse/core';

/** The system prompt for a server that can't enforce a schema: it asks the model to follow it. */
export function askForJson(systemPrompt: string | null, { schema }: OutputSchema): string {
  const request = `Answer with nothing but JSON of this schema:\n${JSON.stringify(schema)}`;
  return systemPrompt?.trim() ? `${systemPrompt}\n\n${request}` : request;
}
