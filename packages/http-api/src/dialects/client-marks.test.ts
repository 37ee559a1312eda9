import { expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { readMessagesRequest } from './messages/read-messages-request.ts';
import { readResponsesRequest } from './responses/read-responses-request.ts';
import { clientMarks } from './client-marks.ts';

const session = '01234567-89ab-7cde-8f01-23456789abcd';

function marksOf(headers: Record<string, string>, body: JsonObject) {
  const messages = [{ role: 'user', content: 'hi' }];
  return clientMarks(new Headers(headers), readMessagesRequest({ messages, ...body }), false);
}

it.each([`user_1_account__session_${session}`, JSON.stringify({ session_id: session })])(
  'finds the session of Claude Code in the id of the user: %s',
  (user_id) => {
    const { aliases, client } = marksOf(
      { 'user-agent': 'claude-cli/3.0 (external, cli)' },
      { metadata: { user_id } },
    );
    expect(aliases).toEqual([{ kind: 'claude-code', value: session }]);
    expect(client).toBe('claude-cli');
  },
);

it('prefers the header of Synapse, and the most reliable name of the client', () => {
  const headers = { 'x-synapse-session': 'diary', 'x-session-id': 'b', 'session-id': 'a' };
  const marks = marksOf(headers, { metadata: { session: 'other' } });
  expect(marks.session).toBe('diary');
  expect(marks.aliases.map(({ value }) => value)).toEqual(['a', 'b']);
});

it('takes a cache key as a name that several conversations may have, and shortens a long one', () => {
  const prompt_cache_key = 'k'.repeat(1000);
  const request = readResponsesRequest({ input: 'hi', prompt_cache_key });
  const { aliases } = clientMarks(new Headers(), request, true);
  expect(aliases).toEqual([
    { kind: 'prompt_cache_key', value: expect.stringMatching(/^[0-9a-f]{64}$/), isWeak: true },
  ]);
});
