import { describe, expect, it } from '@jest/globals';
import type { ModelRequest } from '@synapse/core';
import { toRequestMessages } from '@synapse/core/conversation';
import fc from 'fast-check';
import { anyConversation } from '../support/arbitraries/conversations.ts';
import { anyHistory, type HistoryEntry } from '../support/arbitraries/histories.ts';
import { modelRequest } from '../support/model-request.ts';

const stored = new Map([
  ['stored', new Uint8Array([1, 2, 3])],
  ['stored too', new Uint8Array([4])],
  ['empty', new Uint8Array()],
]);
const attachments = { get: async (sha256: string) => stored.get(sha256) };
const answerer = { provider: 'acme', model: 'wise-5' };

const inputSchema = { type: 'object', properties: {} };
const tools = [{ name: 'read', description: 'Reads a file.', inputSchema }];
const requests: Partial<ModelRequest>[] = [
  { model: 'wise-5' },
  { model: 'wise-5', tools, systemPrompt: 'Be brief.', maxOutputTokens: 100, temperature: 0.5 },
  { model: 'gpt-6-sol', tools, systemPrompt: ' ', cacheKey: 'session' },
];

/**
 * What every translation of a request must do: make of any session, whoever answered in it and
 * however it was cut off, a body that the provider accepts. `problemsOf` translates and judges.
 */
export function requestContract(
  name: string,
  problemsOf: (request: ModelRequest) => string[],
): void {
  async function expectAccepted(history: HistoryEntry[]): Promise<void> {
    for (let length = 0; length <= history.length; length++) {
      const beginning = history.slice(0, length);
      for (const target of [answerer, null]) {
        const messages = await toRequestMessages(beginning, attachments, target);
        for (const request of requests) {
          expect(problemsOf(modelRequest({ ...request, messages }))).toEqual([]);
        }
      }
    }
  }

  describe(`request contract: ${name}`, () => {
    it('is accepted for every beginning of any history', async () => {
      await fc.assert(fc.asyncProperty(anyHistory, expectAccepted), { numRuns: 60 });
    });

    it('is accepted for whatever Synapse leaves behind when it is killed', async () => {
      await fc.assert(fc.asyncProperty(anyConversation, expectAccepted), { numRuns: 40 });
    });
  });
}
