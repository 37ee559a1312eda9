import { describe, expect, it } from '@jest/globals';
import { SynapseError, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { aConversation, aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { exportSessions } from './export-sessions.ts';
import { importSessions } from './import-sessions.ts';
import { allSessions } from './message-pages.ts';
import { ndjsonFormat } from './ndjson-format.ts';

const MIB = 1 << 20;

async function exportOf(store: Store): Promise<string> {
  let text = '';
  const pieces = exportSessions(store, allSessions(store.transfer), { format: ndjsonFormat });
  for await (const piece of pieces) text += piece;
  return text;
}

/** A store with two sessions, of which both refer to the same attachment of so many bytes. */
async function aStore(byteLength = 9): Promise<Store> {
  const store = createMemoryStore();
  const bytes = Buffer.alloc(byteLength, 'attached');
  const attachment = await store.attachments.put({ bytes, mediaType: 'text/plain', name: 'a.txt' });
  const parts = [{ type: 'file' as const, attachment }];
  for (const texts of [['Hello', 'Hi!'], ['Bye']]) {
    const { id } = await aConversation(store, texts, { tags: ['a'] });
    await store.sessions.append(id, [aMessage('', { parts })], null);
  }
  return store;
}

async function attempt(file: string | Uint8Array) {
  const store = createMemoryStore();
  let [code, message] = ['', ''];
  try {
    await importSessions(store, async function* () {
      yield Buffer.from(file as string);
    });
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    ({ code, message } = error);
  }
  const { items } = await store.sessions.list({ limit: 500, archived: 'any', trashed: 'any' });
  return { code, message, storedCount: items.length, store };
}

describe('an export with an object on each line', () => {
  it('contains its version, and each session, message and attachment once', async () => {
    const lines = (await exportOf(await aStore())).trimEnd().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects[0]).toEqual({ v: 1, type: 'synapse-export', format: 'ndjson' });
    expect(objects.slice(1).map((object) => Object.keys(object).join())).toEqual([
      ...['session', 'message', 'message', 'attachment', 'message'],
      ...['session', 'message', 'message', 'end'],
    ]);
    expect(objects.at(-1)).toEqual({ end: { sessions: 2, messages: 5 } });
  });

  it('has no line longer than 2 MiB, except for a longer message', async () => {
    const store = await aStore(5 * MIB + 1);
    const text = await exportOf(store);
    const lengths = text.split('\n').map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThan(2 * MIB);
    const { code, store: other } = await attempt(text);
    expect(code).toBe('');
    expect(await exportOf(other)).toBe(text);
  });

  it('is written and read a few messages at a time if they are long', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    const messages = Array.from({ length: 200 }, () => anAnswer('x'.repeat(MIB / 4)));
    await store.sessions.append(id, messages, null);
    const limits: number[] = [];
    const { sessions, attachments } = store;
    const watched: typeof sessions = Object.assign(Object.create(sessions) as typeof sessions, {
      messages: (sessionId: string, page: { limit: number }) => {
        limits.push(page.limit);
        return sessions.messages(sessionId, page);
      },
    });
    const all = [(await sessions.get(id))!];
    let longest = 0;
    const options = { format: ndjsonFormat };
    for await (const piece of exportSessions({ sessions: watched, attachments }, all, options)) {
      longest = Math.max(longest, piece.length);
    }
    expect(longest).toBeLessThan(MIB);
    expect(Math.max(...limits)).toBeLessThanOrEqual(50);
    expect(limits.at(-1)).toBeLessThanOrEqual(16);
  });

  it('stores nothing when it is cut off anywhere, at the end of a line too', async () => {
    const bytes = Buffer.from((await exportOf(await aStore())).trimEnd());
    const ends = [...bytes.toString('latin1').matchAll(/\n/g)].map(({ index }) => index + 1);
    const cut = fc.oneof(fc.nat(bytes.length - 1), fc.constantFrom(...ends));
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        const { code, storedCount } = await attempt(bytes.subarray(0, length));
        expect({ code, storedCount }).toEqual({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('imports all or nothing, and never crashes, for any change in the file', async () => {
    const sample = await exportOf(await aStore());
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      '\\',
      '\n',
      '\r',
      '\0',
      'null',
      '-1',
      '1e999',
      'é',
    ];
    const edit = fc.record({
      ...{ at: fc.nat(sample.length), removed: fc.nat(40) },
      added: fc.oneof(
        fc.constantFrom(...tokens, '"__proto__":{},', '{"message":1}\n', '{"end":{}}\n'),
        fc.string({ maxLength: 8 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let file = sample;
        for (const { at, removed, added } of edits) {
          file = file.slice(0, at) + added + file.slice(at + removed);
        }
        const { code, storedCount } = await attempt(file);
        if (code === '') return;
        expect({ code, storedCount }).toEqual({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
      }),
      { numRuns: 300 },
    );
    expect('isPolluted' in {}).toBe(false);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['another version', ([head, ...rest]) => [head!.replace('1', '2'), ...rest], 'another version'],
    [
      'a message first',
      ([head, session, ...rest]) => [head!, rest[0]!, session!, ...rest.slice(1)],
      'Line 2: message comes before',
    ],
    [
      'a message less',
      (lines) => lines.filter((_, index) => index !== 3),
      'counts 5 messages, but there are 4',
    ],
    [
      'a damaged attachment',
      (lines) => lines.map((line) => line.replace(/"base64":"..../, '"base64":"AAAA')),
      'Line 5: attachment is damaged',
    ],
    [
      'a piece of an attachment that is missing',
      (lines) =>
        lines.map((line) => line.replace('"byteLength":9,"base64"', '"byteLength":99,"base64"')),
      'Line 6: the file needs another piece',
    ],
    [
      'an endless attachment',
      (lines) =>
        lines.map((line) =>
          line.replace('"byteLength":9,"base64"', '"byteLength":900000000000,"base64"'),
        ),
      'is larger than 256 MiB',
    ],
    [
      'a list',
      ([head, ...rest]) => [head!, '[1]', ...rest],
      'Line 2: the file must hold an object on each line',
    ],
    ['more behind the end', (lines) => [...lines, lines[1]!], 'continues after its last line'],
    [
      'a wrong role',
      (lines) => lines.map((line) => line.replace('"role":"assistant"', '"role":"root"')),
      'Line 4: message.role is "root"',
    ],
  ])('is rejected for %s, with the line number', async (_, change, words) => {
    const lines = (await exportOf(await aStore())).trimEnd().split('\n');
    const { code, message, storedCount } = await attempt(`${change(lines).join('\n')}\n`);
    expect({ code, storedCount }).toEqual({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
    expect(message).toContain(words);
  });

  it('can have empty lines, other line endings and fields of a later version', async () => {
    const text = await exportOf(await aStore());
    const later = text
      .replaceAll('\n', '\r\n\r\n')
      .replace('"session":', '"since":[{}],"session":');
    expect(await attempt(`${later}{"note":1}`)).toMatchObject({ code: 'SYNAPSE_INVALID_DATA' });
    const { code, store } = await attempt(later);
    expect(code).toBe('');
    expect(await exportOf(store)).toBe(text);
  });
});
