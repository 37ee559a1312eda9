import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RequestMessage } from '../ports/model-provider.ts';
import { sentPrefix, SentPrefixes } from './sent-prefix.ts';

const frame = { systemPrompt: 'Be brief.', tools: [] };

function question(text: string): RequestMessage {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

function answer(text: string, prefix: string): RequestMessage {
  const replay = { dialect: 'acme', data: 'sealed', isBound: true as const, prefix };
  return {
    role: 'assistant',
    parts: [
      { type: 'reasoning', text: '', replay },
      { type: 'text', text },
    ],
  };
}

/** A store gives other objects each time. */
function readAgain(messages: readonly RequestMessage[]): RequestMessage[] {
  return structuredClone(messages) as RequestMessage[];
}

describe('SentPrefixes', () => {
  it('hashes only what is new in a request', () => {
    let hashed = 0;
    const count = (text: string) => {
      hashed += text.length;
      return createHash('sha256').update(text).digest('base64url');
    };
    const prefixes = new SentPrefixes(count);
    const messages: RequestMessage[] = [];
    for (let round = 0; round < 60; round += 1) {
      messages.push(question(`${round} ${'words '.repeat(200)}`));
      const kept = prefixes.keepBound(frame, readAgain(messages));
      expect(kept).toEqual(messages);
      messages.push(answer(`answer ${round}`, sentPrefix({ ...frame, messages: kept }, count)));
    }
    // Each message with and without its replays, and the first ones once before anything is bound.
    expect(hashed).toBeLessThan(3 * JSON.stringify(messages).length);
  });

  it('hashes nothing again for an answer to a request that it has checked', () => {
    const messages = [question('a'), answer('b', 'of another time'), question('c')];
    const kept = new SentPrefixes().keepBound(frame, messages);
    const never = (): string => {
      throw new Error('Something was hashed.');
    };
    expect(sentPrefix({ ...frame, messages: kept }, never)).toBe(
      sentPrefix({ ...frame, messages: readAgain(kept) }),
    );
    const otherTools = { ...frame, tools: [{ name: 'a', description: '', inputSchema: {} }] };
    expect(sentPrefix({ ...otherTools, messages: kept })).toBe(
      sentPrefix({ ...otherTools, messages: readAgain(kept) }),
    );
  });

  it('accepts the same requests with and without its cache', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 });
    const changes = fc.array(fc.record({ texts, systemPrompt: fc.constantFrom('x', 'y') }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, (requests) => {
        const prefixes = new SentPrefixes();
        const answers = new Map<string, RequestMessage>();
        for (const { texts, systemPrompt } of requests) {
          const request = { systemPrompt, tools: [] };
          const messages = texts.flatMap((text, index) => {
            const given = answers.get(`${index} ${text}`);
            return [question(text), ...(given && index < texts.length - 1 ? [given] : [])];
          });
          const kept = prefixes.keepBound(request, readAgain(messages));
          expect(kept).toEqual(new SentPrefixes().keepBound(request, messages));
          const prefix = sentPrefix({ ...request, messages: kept });
          expect(prefix).toBe(sentPrefix({ ...request, messages: readAgain(kept) }));
          answers.set(`${texts.length - 1} ${texts.at(-1)}`, answer('answer', prefix));
        }
      }),
    );
  });
});
