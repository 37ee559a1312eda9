import { describe, expect, it } from '@jest/globals';
import { emptySession, type Message, type SearchHit } from '@synapse/core';
import { anyHistory } from '@synapse/test/support/arbitraries/histories';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import { aMessage, aSession, noon } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { createStyle } from '@synapse/terminal';
import { renderHits } from './render-hits.ts';
import { renderTranscript } from './render-transcript.ts';
import { toSessionTable } from './session-table.ts';
import { toStepTable } from './step-table.ts';
import { toTranscript } from './transcript.ts';

const hostileText = fc.oneof(
  anyText,
  fc.constantFrom(
    '\u001b]0;owned\u0007',
    '\u001b[2J',
    '\u009b31m',
    '\u202eabc',
    'a\rb',
    '\u0000',
    '\u200b',
  ),
);
const style = createStyle(false);

/** Nothing that moves, hides or reorders. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
}

describe('what a session holds', () => {
  it('cannot harm a terminal that lists, searches or prunes it', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.integer({ min: 20, max: 140 }), (a, b, columns) => {
        const session = {
          ...emptySession(aSession({ title: a, model: b, tags: [a] })),
          preview: b,
        };
        expectHarmless(toSessionTable([session], { style, columns }, noon));
        expectHarmless(
          toSessionTable([session], { style, columns: undefined }, noon).replaceAll('\t', ' '),
        );
        const hit: SearchHit = {
          ...{
            sessionId: session.id,
            sessionTitle: a,
            sessionHandle: null,
            messageId: 'm',
            seq: 1,
            active: true,
          },
          ...{ role: 'user', createdAt: noon, snippet: [{ text: b, isMatch: true }] },
        };
        expectHarmless(renderHits([hit], { style, columns }, noon));
        const candidate = {
          sessionId: session.id,
          title: a,
          handle: null,
          updatedAt: noon,
          messageCount: 1,
        };
        expectHarmless(
          toStepTable([{ candidate, action: 'trash', reason: 'old' }], { style, columns }, noon),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('cannot harm a terminal that shows it', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, hostileText, async (history, text) => {
        const blocks = history.flatMap((entry, index) => {
          const message: Message = {
            ...{ ...aMessage(''), ...entry, sessionId: '', seq: index + 1, turn: 1, model: text },
            ...{ variantOf: null, active: true },
            error: { code: 'X', message: text },
          };
          return toTranscript(message, { showsReasoning: true, timeOf: () => 'now' });
        });
        expectHarmless(await renderTranscript(blocks, { columns: 60, style }));
      }),
      { numRuns: 100 },
    );
  });
});
