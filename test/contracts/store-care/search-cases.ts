import { expect } from '@jest/globals';
import { parseSearchQuery, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import fc from 'fast-check';
import { aConversation, aMessage, anAnswer, aSession, at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { findAll, foundTexts, say } from './found-texts.ts';

export const searchCases: ContractCases<Store> = {
  'finds words, phrases, prefixes and parts of a text without spaces': async (store) => {
    await say(
      store,
      'Deploy to Kubernetes',
      'deploy it',
      'to deploy kube',
      '東京都に住む',
      'Straße',
    );
    const expected: Record<string, string[]> = {
      DEPLOY: ['Deploy to Kubernetes', 'deploy it', 'to deploy kube'],
      'deploy to': ['Deploy to Kubernetes', 'to deploy kube'],
      '"deploy to"': ['Deploy to Kubernetes'],
      'deploy -to': ['deploy it'],
      'kube*': ['Deploy to Kubernetes', 'to deploy kube'],
      '"to kube"*': ['Deploy to Kubernetes'],
      kube: ['to deploy kube'],
      京都: ['東京都に住む'],
      都: ['東京都に住む'],
      京都住: [],
      strasse: ['Straße'],
      'deploy -kube* -it': [],
      absent: [],
    };
    for (const [query, texts] of Object.entries(expected)) {
      expect([query, await foundTexts(store, query)]).toEqual([query, texts]);
    }
  },

  'tells where it was said, and shows it': async (store) => {
    const { id, messages } = await aConversation(store, ['the question', 'an answer'], {
      title: 'Talk',
      handle: 'talk',
    });
    expect(await findAll(store, 'answer')).toEqual([
      {
        ...{ sessionId: id, sessionTitle: 'Talk', sessionHandle: 'talk' },
        ...{
          messageId: messages[1]!.id,
          seq: 2,
          role: 'assistant',
          active: true,
          createdAt: at(1),
        },
        snippet: [
          { text: 'an ', isMatch: false },
          { text: 'answer', isMatch: true },
        ],
      },
    ]);
  },

  'finds what is not active only for who asks for it, and marks it': async (store) => {
    const { sessions } = store;
    const { id } = await aConversation(store, ['fox one', 'fox two', 'fox three']);
    await sessions.append(id, [aMessage('fox four')], null, { of: 2 });
    await sessions.append(id, [aMessage('fox five')], null);
    await sessions.undoTurn(id, null);
    const found = async (variants?: boolean) => {
      const query = { ...parseSearchQuery('fox', noon), variants };
      const { items } = await store.search.search(query, { limit: 9 });
      return items.map(({ seq, active }) => ({ seq, active })).sort((a, b) => a.seq - b.seq);
    };
    const conversation = [1, 2, 3].map((seq) => ({ seq, active: true }));
    expect(await found()).toEqual(conversation);
    const others = [4, 5].map((seq) => ({ seq, active: false }));
    expect(await found(true)).toEqual([...conversation, ...others]);
    await sessions.chooseVariant(id, 3, null);
    expect((await found()).map(({ seq }) => seq)).toEqual([1, 2, 4]);
  },

  'narrows by role, tag, model, origin and time': async (store) => {
    const { sessions } = store;
    const work = await sessions.create(aSession({ tags: ['work', 'x'] }));
    await sessions.append(work.id, [aMessage('fox 1'), anAnswer('fox 2')], null);
    const home = await sessions.create(aSession({ tags: ['home'], origin: 'codex' }));
    const late = new Date(noon.getTime() + 3 * 86_400_000);
    await sessions.append(
      home.id,
      [
        anAnswer('fox 3', { model: 'other', createdAt: late }),
        aMessage('fox 4', {
          role: 'tool',
          parts: [{ type: 'tool-result', id: '1', name: 'read', output: 'fox', isError: false }],
        }),
        aMessage('hen 5'),
      ],
      null,
    );
    const expected: Record<string, string[]> = {
      'fox role:user': ['fox 1'],
      'fox role:assistant': ['fox 2', 'fox 3'],
      'fox role:tool': ['tool-result'],
      'fox tag:work': ['fox 1', 'fox 2'],
      'tag:home role:user': ['hen 5'],
      'fox tag:none': [],
      'fox model:other': ['fox 3'],
      'origin:codex role:user': ['hen 5'],
      'model:echo': ['fox 2'],
      [`fox since:${late.toISOString()}`]: ['fox 3'],
      [`fox before:${late.toISOString()} role:assistant`]: ['fox 2'],
      '-fox': ['hen 5'],
      '-fox tag:work': [],
      'hen OR "fox 1" OR 3': ['fox 1', 'fox 3', 'hen 5'],
      '2 OR hen fox': ['fox 2'],
    };
    for (const [query, texts] of Object.entries(expected)) {
      expect([query, await foundTexts(store, query)]).toEqual([query, texts]);
    }
  },

  'finds a model with the date of its version, and no other model': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const dated = ['gpt-5', 'gpt-5-2025-08-07', 'gpt-5-20250807', 'gpt-5-latest'];
    const others = [
      'gpt-5-mini',
      'gpt-5-thinking',
      'gpt-50',
      'gpt-5-mini-2025-08-07',
      'gpt_5',
      'GPT-5',
    ];
    const answers = [...dated, ...others].map((model) => anAnswer(model, { model }));
    await store.sessions.append(id, answers, null);
    expect(await foundTexts(store, 'model:gpt-5')).toEqual([...dated].sort());
    expect(await foundTexts(store, 'model:gpt-5-2025-08-07')).toEqual(['gpt-5-2025-08-07']);
    expect(await foundTexts(store, 'model:gpt-5-%')).toEqual([]);
  },

  'finds nothing for an empty query': async (store) => {
    await say(store, 'text');
    for (const query of ['', '   ', '""', '!!! -', '* ** "']) {
      expect(await findAll(store, query)).toEqual([]);
    }
  },

  'ranks the best matches first': async (store) => {
    await say(
      store,
      `fox ${'and other words '.repeat(50)}`,
      'fox fox fox',
      'a fox and a hen, both',
    );
    const [best] = await findAll(store, 'fox');
    expect(best?.seq).toBe(2);
  },

  'gives everything once, in pages, while more is said': async (store) => {
    const texts = Array.from({ length: 450 }, (_, index) => `fox number ${index}`);
    await say(store, ...texts);
    const query = parseSearchQuery('fox', noon);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.search.search(query, { limit: 30, cursor });
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor ?? undefined;
      if (seen.length === 30) await say(store, 'fox number 451');
    } while (cursor !== undefined);
    expect(seen.sort((a, b) => a - b)).toEqual(texts.map((_, index) => index + 1));
  },

  'gives the newest first, of many and of few': async (store) => {
    const texts = Array.from({ length: 450 }, (_, index) => `fox number ${index + 1}`);
    // More than is read through to find the newest.
    texts[400] = `fox ${'x'.repeat(20 << 20)}`;
    await say(store, ...texts);
    for (const text of ['fox', 'fo*', 'number* fo*', 'number']) {
      const query = parseSearchQuery(text, noon);
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.search.search(query, { limit: 200, cursor });
        seen.push(...page.items.map(({ seq }) => seq).sort((a, b) => b - a));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const expected = texts.map((_, index) => 450 - index);
      const hasAll = text === 'fox' || text === 'fo*';
      expect([text, seen]).toEqual([text, expected.filter((seq) => hasAll || seq !== 401)]);
    }
  },

  'rejects a cursor that never was one': async (store) => {
    await say(store, 'fox');
    const query = parseSearchQuery('fox', noon);
    for (const cursor of ['', 'x', Buffer.from('1 1; drop').toString('base64url')]) {
      const search = store.search.search(query, { limit: 5, cursor });
      await expect(search).rejects.toMatchObject({ code: 'SYNAPSE_INVALID_DATA' });
    }
  },

  'finds what the memory store finds, whatever is said and asked': async (store) => {
    const reference = createMemoryStore();
    const texts = fc.sample(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join('')),
      { numRuns: 120, seed: 7 },
    );
    await say(store, ...texts);
    await say(reference, ...texts);
    await fc.assert(
      fc.asyncProperty(hostileQuery, async (query) => {
        expect(await foundTexts(store, query)).toEqual(await foundTexts(reference, query));
      }),
      { numRuns: 100 },
    );
  },
};

const WORDS = [
  ...[
    'fox ',
    'foxes ',
    'the ',
    "don't ",
    'not ',
    'or ',
    'and ',
    'near ',
    'a ',
    'é ',
    'Straße ',
    'i\u0307 ',
  ],
  ...[
    '東',
    '京',
    '都',
    'が',
    'か',
    'ไทย',
    '한국어',
    'हिन्दी ',
    '\u0000',
    '\ud800',
    '👩‍🚀',
    '% ',
    '_ ',
  ],
  ...['max_tokens ', '𝒳𝒴 ', 'ꙮ ', '\u{1e922} ', '٣ ', '½ ', 'x'.repeat(200)],
];
const OPERATORS = [
  ...[
    '"',
    '-',
    '*',
    '(',
    ')',
    '^',
    ':',
    '+',
    "'",
    ';',
    '--',
    '\\',
    '%',
    '_',
    '?',
    '$1',
    '!',
    '&',
    '|',
  ],
  ...[
    'NOT ',
    'OR ',
    'AND ',
    'NEAR(',
    'search_text:',
    'rank ',
    '<->',
    ':*',
    "');drop table messages;--",
  ],
];
const hostileQuery = fc
  .array(fc.constantFrom(...WORDS, ...OPERATORS), { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(''));
