import type { OutputSchema } from '@synapse/core';

/** The system prompt for a server that can't be held to a schema: it asks the model to keep to it. */
export function askForJson(systemPrompt: string | null, { schema }: OutputSchema): string {
  const request = `Answer with nothing but JSON of this schema:\n${JSON.stringify(schema)}`;
  return systemPrompt?.trim() ? `${systemPrompt}\n\n${request}` : request;
}
