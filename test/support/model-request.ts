import type { ModelRequest } from '@synapse/core';

/** A request with everything that may be left out left out. */
export function modelRequest(request: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: 'double-1',
    systemPrompt: null,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Good morning.' }] }],
    tools: [],
    maxOutputTokens: null,
    temperature: null,
    outputSchema: null,
    cacheKey: null,
    ...request,
  };
}
