import { describe, expect, it } from '@jest/globals';
import { SynapseError } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { aConversation } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { exportSessions } from './export-sessions.ts';
import { importSessions } from './import-sessions.ts';
import { jsonFormat } from './json-format.ts';
import { allSessions } from './message-pages.ts';

type Loose = Record<string, unknown>;
type LooseMessage = Loose & { parts: Loose[] };

interface LooseFile {
  sessions: [LooseSession, LooseSession];
  attachments: [Loose];
}

interface LooseSession {
  session: Loose;
  messages: [LooseMessage, LooseMessage];
}

const sampleText = await (async () => {
  const store = createMemoryStore();
  const bytes = Buffer.from('attached');
  const attachment = await store.attachments.put({ bytes, mediaType: 'text/plain', name: 'a.txt' });
  const { id } = await aConversation(store, ['Hello', 'Hi!', 'Bye', 'See you.'], { tags: ['a'] });
  await store.sessions.append(
    id,
    [
      {
        ...(await store.sessions.messages(id, { limit: 1 }))[0]!,
        id: '01a1fd37-ccad-710a-9471-5aa1d54a9d92',
        parts: [{ type: 'file', attachment }],
      },
    ],
    null,
  );
  await aConversation(store, ['One more']);
  let text = '';
  const all = exportSessions(store, allSessions(store.transfer), { format: jsonFormat });
  for await (const piece of all) text += piece;
  return text;
})();

/** Imports into an empty store; says how it failed, and how much is stored. */
async function attempt(
  file: string | Uint8Array,
): Promise<{ code: string; message: string; storedCount: number }> {
  const store = createMemoryStore();
  const bytes = Buffer.from(file as string);
  let [code, message] = ['', ''];
  try {
    await importSessions(store, async function* () {
      yield bytes;
    });
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    ({ code, message } = error);
  }
  const { items } = await store.sessions.list({ limit: 500, archived: 'any', trashed: 'any' });
  return { code, message, storedCount: items.length };
}

function change(edit: (file: LooseFile) => void): string {
  const file = JSON.parse(sampleText) as LooseFile;
  edit(file);
  return JSON.stringify(file);
}

/** The sample, with other texts in its first message. */
function withTexts(...texts: string[]): string {
  const file = JSON.parse(sampleText) as LooseFile;
  file.sessions[0].messages[0].parts = texts.map((text) => ({ type: 'text', text }));
  return JSON.stringify(file);
}

describe('an import of an invalid export', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'Line 1: the file is cut off'],
    ['a list', '[1,2]', 'Line 1: the file must be an object'],
    ['a number', '7', 'must be an object'],
    ['words', 'hello', 'is not valid JSON'],
    ['another type', '{"v":1,"type":"talk","sessions":[]}', 'is not an export of Synapse'],
    ['a later version', '{"v":2,"type":"synapse-export","sessions":[]}', 'another version'],
    ['no sessions', '{"v":1,"type":"synapse-export"}', 'lacks "sessions"'],
    ['sessions of a wrong kind', '{"sessions":{"length":1000000000}}', 'sessions must be a list'],
    ['a key twice', '{"v":1,"v":1}', 'v occurs twice'],
    ['a trailing comma', '{"v":1,}', 'has an unexpected "}"'],
    ['a missing comma', '{"v":1 "type":2}', 'has an unexpected "\\""'],
    ['two values', '{"v":1,"type":"synapse-export","sessions":[]} {}', 'has an unexpected "{"'],
    ['an empty object', '{}', 'lacks "v"'],
    ['mixed brackets', '{"sessions":[}', 'has an unexpected "}"'],
    ['a line end in a text', '{"v":"a\nb"}', 'control character'],
    ['a session that is a number', '{"sessions":[7]}', 'sessions[0] must be an object'],
  ])('is rejected when it contains %s', async (_name, file, words) => {
    const outcome = await attempt(file);
    expect(outcome).toMatchObject({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
    expect(outcome.message).toContain(words);
  });

  it.each<[string, (file: LooseFile) => void, string]>([
    [
      'a role',
      (file) => (file.sessions[0].messages[1].role = 'root'),
      'sessions[0].messages[1].role is "root"',
    ],
    [
      'an id',
      (file) => (file.sessions[1].session.id = '../../etc/passwd'),
      'sessions[1].session.id',
    ],
    ['a time', (file) => (file.sessions[0].session.createdAt = 'yesterday'), 'session.createdAt'],
    [
      'a day that is none',
      (file) => (file.sessions[0].session.createdAt = '2026-02-30T00:00:00.000Z'),
      'session.createdAt',
    ],
    [
      'a part',
      (file) => (file.sessions[0].messages[0].parts = [{ type: 'spell' }]),
      'parts[0].type is "spell"',
    ],
    [
      'no text',
      (file) => delete file.sessions[0].messages[0].parts[0]!.text,
      'parts[0].text is missing',
    ],
    ['a count', (file) => (file.sessions[0].messages[0].seq = 1e300), 'messages[0].seq'],
    [
      'half of a turn that is not active',
      (file) => (file.sessions[0].messages[0].active = false),
      'contradicts the earlier messages about turn 1',
    ],
    [
      'a variant of a turn that is not there',
      (file) => Object.assign(file.sessions[1].messages[0], { variantOf: 9 }),
      'is a variant of turn 9, which does not come before it',
    ],
    ['a flag', (file) => (file.sessions[0].messages[0].active = 'yes'), 'messages[0].active'],
    [
      'two active turns in a place',
      (file) => {
        const { messages } = file.sessions[0];
        for (const message of messages.slice(2, 4)) message.variantOf = 1;
      },
      'is active, but so is turn 1 in the same place',
    ],
    ['the order', (file) => file.sessions[0].messages.reverse(), 'out of order'],
    [
      'the handle',
      (file) => (file.sessions[0].session.handle = 'last'),
      'session.handle is "last"',
    ],
    [
      'no messages',
      (file) => Reflect.deleteProperty(file.sessions[0], 'messages'),
      'sessions[0] lacks "messages"',
    ],
    [
      'a message twice',
      (file) => (file.sessions[0].messages[1].id = file.sessions[0].messages[0].id),
      'id of an earlier message',
    ],
    ['the bytes', (file) => (file.attachments[0].base64 = 'AAAA'), 'attachments[0] is damaged'],
    ['the base64', (file) => (file.attachments[0].base64 = [0]), 'attachments[0].base64 must be'],
  ])('names the location of an error in %s', async (_name, edit, words) => {
    const outcome = await attempt(change(edit));
    expect(outcome).toMatchObject({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
    expect(outcome.message).toContain(words);
  });

  it('is rejected when it is nested too deeply, or has too many values', async () => {
    const deep = `{"sessions":${'['.repeat(1_000_000)}`;
    expect((await attempt(deep)).message).toMatch(/must be|nested/);
    const deepUnit = change((file) => (file.sessions[0].session.metadata = { a: 'HERE' }));
    const nested = deepUnit.replace('"HERE"', '['.repeat(100_000) + ']'.repeat(100_000));
    expect((await attempt(nested)).message).toContain('nested');
    const many = deepUnit.replace('"HERE"', `[${'0,'.repeat(1_100_000)}0]`);
    expect((await attempt(many)).message).toContain('more than 1000000 values');
  });

  it('is rejected when it is not UTF-8', async () => {
    const outcome = await attempt(Buffer.from([0x7b, 0x22, 0xff, 0x22]));
    expect(outcome).toMatchObject({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
  });

  it('ignores unknown fields, whatever their names', async () => {
    const file = sampleText
      .replace('{"v":1,', '{"__proto__":{"isPolluted":true},"future":[{"a":[1]}],"v":1,')
      .replace(
        '{"session":{',
        '{"__proto__":{"isPolluted":true},"session":{"__proto__":{"handle":"x"},',
      );
    expect(await attempt(file)).toMatchObject({ code: '', storedCount: 2 });
    expect('isPolluted' in {}).toBe(false);
  });

  it('stores nothing when it is cut off anywhere', async () => {
    const bytes = Buffer.from(sampleText.trimEnd());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        const outcome = await attempt(bytes.subarray(0, length));
        expect(outcome).toMatchObject({ code: 'SYNAPSE_INVALID_DATA', storedCount: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('imports all or nothing, and never crashes, for any change in the file', async () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u0000',
      'null',
      '-1',
      '1e999',
      '{"a":1}',
      '[]',
      '"__proto__":{},',
      ' ',
      '\n',
      '\u0000',
      'é',
    ];
    const edit = fc.record({
      at: fc.nat(sampleText.length),
      removed: fc.nat(40),
      added: fc.oneof(
        fc.constantFrom(...tokens),
        fc.string({ maxLength: 8 }),
        fc.json({ maxDepth: 2 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let file = sampleText;
        for (const { at, removed, added } of edits) {
          file = file.slice(0, at) + added + file.slice(at + removed);
        }
        const { code, storedCount } = await attempt(file);
        if (code !== '') {
          expect(code).toBe('SYNAPSE_INVALID_DATA');
          expect(storedCount).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  const MIB = 1 << 20;
  it.each([
    ['in one text', () => withTexts('x'.repeat(16 * MIB + 1))],
    ['in two', () => withTexts('x'.repeat(9 * MIB), 'x'.repeat(9 * MIB))],
    ['in one text of escapes', () => withTexts('x'.repeat(15 * MIB) + '\n'.repeat(MIB + 1))],
  ])('rejects a message of more than 16 MiB %s', async (_where, file) => {
    expect(await attempt(file())).toMatchObject({
      code: 'SYNAPSE_INVALID_DATA',
      message: expect.stringContaining('sessions[0].messages[0] is larger than 16 MiB'),
      storedCount: 0,
    });
  });

  it.each([
    ['some escapes', () => 'x'.repeat(15 * MIB) + '\n\u0001'.repeat(MIB / 2)],
    ['nothing but escapes', () => '\u0001'.repeat(16 * MIB)],
  ])('accepts a message of 16 MiB with %s', async (_name, text) => {
    const file = withTexts(text());
    expect(await attempt(file)).toMatchObject({ code: '', storedCount: 2 });
  });

  it('stores long messages one by one', async () => {
    const file = JSON.parse(sampleText) as LooseFile;
    for (const { parts } of file.sessions[0].messages) {
      parts.splice(0, parts.length, { type: 'text', text: 'x'.repeat(MIB) });
    }
    const { length } = file.sessions[0].messages;
    const { transfer, ...store } = createMemoryStore();
    const sizes: number[] = [];
    const watched: typeof transfer = {
      ...transfer,
      async addSession(_session, pages) {
        for await (const page of pages) sizes.push(page.length);
        return 'added';
      },
      addSessions: async (sessions) => sessions.map(() => 'added'),
    };
    const bytes = Buffer.from(JSON.stringify(file));
    await importSessions({ ...store, transfer: watched }, async function* () {
      yield bytes;
    });
    expect(sizes.slice(0, length)).toEqual(Array.from({ length }, () => 1));
  });
});
