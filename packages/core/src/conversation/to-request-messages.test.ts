import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyConversation } from '@synapse/test/support/arbitraries/conversations';
import { anyHistory, type HistoryEntry } from '@synapse/test/support/arbitraries/histories';
import { requestMessagesProblems } from '@synapse/test/support/validators/request-messages-problems';
import type { RequestMessage } from '../ports/model-provider.ts';
import type { Part } from '../session/part.ts';
import type { StoredMessage } from './clean-parts.ts';
import { toRequestMessages } from './to-request-messages.ts';

const stored = new Map([
  ['stored', new Uint8Array([1, 2, 3])],
  ['stored too', new Uint8Array([4])],
  ['empty', new Uint8Array()],
]);
const attachments = { get: async (sha256: string) => stored.get(sha256) };

const user = (text: string) => ({
  role: 'user' as const,
  parts: [{ type: 'text', text } as const],
});
const assistant = (...parts: Part[]) => ({ role: 'assistant' as const, parts });
const tool = (...parts: Part[]) => ({ role: 'tool' as const, parts });
const call = (id: string, name = 'read') =>
  ({ type: 'tool-call', id, name, input: { path: 'x' } }) as const;
const result = (id: string, output = 'fine', name = 'read') =>
  ({ type: 'tool-result', id, name, output, isError: false }) as const;
const text = (value: string) => ({ type: 'text', text: value }) as const;
const loaded = (part: ReturnType<typeof result>) => ({ ...part, images: [] });

/** One line for each part, so that a beginning can be compared across message boundaries. */
function lines(messages: readonly RequestMessage[]): string[] {
  return messages.flatMap(({ role, parts }) => parts.map((part) => JSON.stringify({ role, part })));
}

async function expectStable(history: HistoryEntry[], cutAt: number): Promise<void> {
  const whole = lines(await toRequestMessages(history, attachments));
  const request = await toRequestMessages(history.slice(0, cutAt), attachments);
  // The results of the last calls may still come, and the word that lets the user speak last goes.
  const last = request.at(-1);
  const isOpen = last?.role === 'tool' || JSON.stringify(last).includes('Please continue.');
  const settled = lines(isOpen ? request.slice(0, -1) : request);
  expect(whole.slice(0, settled.length)).toEqual(settled);
}

describe('toRequestMessages', () => {
  it('sends a plain conversation as it is', async () => {
    const history = [user('Hi'), assistant(text('Hello')), user('Read x')];
    expect(await toRequestMessages(history, attachments)).toEqual(history);
  });

  it('puts one result for each call, in order, right after the calls', async () => {
    const history = [
      user('go'),
      assistant(call('a'), call('b')),
      tool(result('b', 'second')),
      tool(result('a', 'first'), result('a', 'again'), result('stranger')),
    ];
    expect((await toRequestMessages(history, attachments))[2]).toEqual({
      role: 'tool',
      parts: [loaded(result('a', 'first')), loaded(result('b', 'second'))],
    });
  });

  it('states that a call without a result was interrupted', async () => {
    const request = await toRequestMessages(
      [user('go'), assistant(call('a')), user('and now?'), tool(result('a', 'too late'))],
      attachments,
    );
    expect(request.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(request[2]?.parts).toEqual([
      {
        type: 'tool-result',
        id: 'a',
        name: 'read',
        output: 'This call was interrupted; its effect is unknown.',
        isError: true,
        images: [],
      },
    ]);
  });

  it('replaces repeated and invalid call ids, also in the results', async () => {
    const request = await toRequestMessages(
      [
        user('go'),
        assistant(call('call 0'), call('call 0')),
        tool(result('call 0', 'one'), result('call 0', 'two')),
        assistant(call('call_0'), call('x'.repeat(50)), call('')),
      ],
      attachments,
    );
    const ids = request.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [part.id] : [])),
    );
    expect(ids).toEqual(['call_0', 'call_0_2', 'call_0_3', 'x'.repeat(40), 'call']);
    expect(request[2]?.parts).toEqual([
      loaded(result('call_0', 'one')),
      loaded(result('call_0_2', 'two')),
    ]);
  });

  it('keeps a call with invalid arguments as an error, without the arguments', async () => {
    const invalid = { ...call('a', 'no.such tool'), invalidInput: '{"pa' };
    const request = await toRequestMessages(
      [user('go'), assistant(invalid), assistant(invalid), tool(result('a'))],
      attachments,
    );
    expect(request[1]?.parts).toEqual([
      { type: 'tool-call', id: 'a', name: 'no_such_tool', input: {} },
    ]);
    expect(request[2]?.parts[0]).toMatchObject({ isError: true });
    expect(request[4]?.parts[0]).toMatchObject({ output: 'fine', isError: true });
  });

  it('drops blank text, empty answers and trailing reasoning', async () => {
    const request = await toRequestMessages(
      [
        user('one'),
        assistant(),
        assistant({ type: 'reasoning', text: 'Hm' }, text('\n')),
        user(' '),
        user('two'),
      ],
      attachments,
    );
    expect(request).toEqual([{ role: 'user', parts: [text('one'), text('two')] }]);
  });

  it('keeps reasoning without text if it has replay data', async () => {
    const hidden = { type: 'reasoning', text: '', replay: { dialect: 'x', data: 1 } } as const;
    const history = [user('go'), assistant(hidden, text('done')), user('on')];
    expect(await toRequestMessages(history, attachments)).toEqual(history);
  });

  it('returns reasoning only to the model that produced it', async () => {
    const replay = { dialect: 'anthropic', data: 'sealed' };
    const said = (provider: string | null, model: string | null) => [
      user('go'),
      {
        ...assistant({ type: 'reasoning', text: 'Hm', replay }, text('done')),
        provider,
        model,
      },
      user('on'),
    ];
    const answerer = { provider: 'acme', model: 'wise-5' };
    for (const [provider, model, isOwn] of [
      ['acme', 'wise-5', true],
      ['acme', 'wise-5-20260924', true],
      ['acme', 'wise-5-5', false],
      ['other', 'wise-5', false],
      [null, null, false],
    ] as const) {
      const request = await toRequestMessages(said(provider, model), attachments, answerer);
      expect(request[1]?.parts).toEqual([
        { type: 'reasoning', text: 'Hm', ...(isOwn && { replay }) },
        text('done'),
      ]);
    }
  });

  it('compares the requested model, even if the answer names another one', async () => {
    const replay = { dialect: 'x', data: 'sealed' };
    const asked = { askedProvider: 'router', askedModel: 'router/auto' };
    const history = [
      user('go'),
      {
        ...assistant({ type: 'reasoning', text: 'Hm', replay }, text('done')),
        ...{ provider: 'router', model: 'maker/wise-5', ...asked },
      },
      user('on'),
    ];
    const replayedTo = async (model: string) => {
      const answerer = { provider: 'router', model };
      const [, answer] = await toRequestMessages(history, attachments, answerer);
      return answer?.parts.some((part) => part.type === 'reasoning' && part.replay);
    };
    expect(await replayedTo('router/auto')).toBe(true);
    expect(await replayedTo('maker/wise-5')).toBe(false);
  });

  it('returns replay data on texts and calls to the model that sent it', async () => {
    const replay = { dialect: 'x', data: { signature: 'c2ln' } };
    const call = { type: 'tool-call', id: 'c1', name: 'read', input: {} } as const;
    const result = { type: 'tool-result', id: 'c1', name: 'read', output: '42', isError: false };
    const parts = [
      { ...text('I look.'), replay },
      { ...call, replay },
    ];
    const history = [
      user('go'),
      { role: 'assistant', parts, provider: 'acme', model: 'wise-5' } as StoredMessage,
      { role: 'tool', parts: [result] } as StoredMessage,
    ];
    const sentTo = async (model: string) => {
      const answerer = { provider: 'acme', model };
      return (await toRequestMessages(history, attachments, answerer))[1]?.parts;
    };
    expect(await sentTo('wise-5')).toEqual(parts);
    expect(await sentTo('quick-5')).toEqual([text('I look.'), call]);
  });

  it('joins neighbours of the same role', async () => {
    const request = await toRequestMessages(
      [user('go'), assistant(text('par')), assistant(text('part')), user('on')],
      attachments,
    );
    expect(request[1]).toEqual({ role: 'assistant', parts: [text('par'), text('part')] });
  });

  it('begins and ends with a user message, without dropping an answer', async () => {
    expect(await toRequestMessages([assistant(text('Welcome'))], attachments)).toEqual([
      user('The beginning of this conversation is not shown.'),
      assistant(text('Welcome')),
      user('Please continue.'),
    ]);
  });

  it('repairs half characters in texts, inputs and names', async () => {
    const half = 'a\ud83d';
    const input = JSON.parse(`{"__proto__": ["a\\ud83d"], "a\\ud83d": 1}`) as Record<string, never>;
    const request = await toRequestMessages(
      [user(half), assistant({ ...call('a'), input }), tool(result('a', half))],
      attachments,
    );
    expect(request[0]?.parts).toEqual([text('a\ufffd')]);
    expect(JSON.stringify(request[1]?.parts)).toContain('{"__proto__":["a\ufffd"],"a\ufffd":1}');
    expect(request[2]?.parts).toMatchObject([{ output: 'a\ufffd' }]);
  });

  it('loads each attachment once and names those that cannot be sent', async () => {
    const asked: string[] = [];
    const image = (sha256: string, mediaType = 'image/png', name: string | null = 'cat.png') =>
      ({
        type: 'image',
        attachment: { sha256, mediaType, name, byteLength: 3 },
      }) as const;
    const seen = image('stored');
    const gone = image('gone').attachment;
    const request = await toRequestMessages(
      [
        { role: 'user', parts: [seen, seen, image('gone'), image('empty', 'image/gif', null)] },
        { role: 'user', parts: [image('stored', 'image/bmp')] },
        assistant(call('a'), call('b')),
        tool(
          { ...result('a'), attachments: [seen.attachment, gone] },
          { ...result('b'), isError: true, attachments: [seen.attachment] },
        ),
      ],
      {
        get: async (sha256) => {
          asked.push(sha256);
          return stored.get(sha256);
        },
      },
    );
    const bytes = stored.get('stored');
    expect(request[0]?.parts).toEqual([
      { ...seen, bytes },
      { ...seen, bytes },
      text('[The image "cat.png" (image/png) is no longer stored.]'),
      text('[The image (image/gif) is empty.]'),
      text('[The image "cat.png" (image/bmp) is of a kind that can\'t be shown here.]'),
    ]);
    expect(request[2]?.parts).toEqual([
      {
        ...result('a', 'fine\n[The image "cat.png" (image/png) is no longer stored.]'),
        images: [{ ...seen, bytes }],
      },
      { ...result('b'), isError: true, images: [] },
    ]);
    expect(asked).toEqual(['stored', 'gone', 'empty']);
  });

  it('builds a valid request from every prefix of any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyHistory, anyConversation), async (history) => {
        for (let length = 0; length <= history.length; length++) {
          const request = await toRequestMessages(history.slice(0, length), attachments);
          expect(requestMessagesProblems(request)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never changes the beginning of a request when the history grows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyHistory, anyConversation), async (history) => {
        for (let length = 1; length < history.length; length++) {
          await expectStable(history, length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not change the history', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const before = JSON.stringify(history);
        await toRequestMessages(history, attachments);
        expect(JSON.stringify(history)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});
