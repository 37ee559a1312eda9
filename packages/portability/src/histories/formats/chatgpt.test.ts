import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue, Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { historyFile, importFile, outlineOf } from '@synapse/test/support/imported-histories';
import { MOST_ASSET_BYTES } from './chatgpt-assets.ts';
import type { HistoryFile } from '../history.ts';

const START = 1_772_359_200;

/** The files of an unpacked export; each finds those in its folder. */
function exportOf(contents: Record<string, string>, sizes: Record<string, number> = {}) {
  const files: HistoryFile[] = Object.entries(contents).map(([path, content]) => ({
    ...historyFile(`/export/${path}`, content),
    ...(path in sizes && { byteLength: sizes[path]! }),
    around: () =>
      Promise.resolve(
        files.filter(({ path: name }) => name.startsWith(`${dirname(`/export/${path}`)}/`)),
      ),
  }));
  return (name: string): HistoryFile => files.find(({ path }) => path === `/export/${name}`)!;
}

interface Said {
  role: string;
  content: JsonObject;
  rest?: JsonObject;
}

const say = (
  role: string,
  parts: JsonValue[],
  metadata: JsonObject = {},
  rest: JsonObject = {},
): Said => ({
  role,
  content: {
    content_type: parts.every((part) => typeof part === 'string') ? 'text' : 'multimodal_text',
    parts,
  },
  rest: { metadata, ...rest },
});

/** A conversation of messages that follow each other. */
function conversation(id: string, said: readonly Said[], rest: JsonObject = {}): JsonObject {
  const nodes = said.map(({ role, content, rest: more }, index): JsonObject => ({
    ...{ id: `${id}-${index}`, parent: index === 0 ? null : `${id}-${index - 1}`, children: [] },
    message: {
      ...{ id: `${id}-${index}`, author: { role }, create_time: START + index, content, ...more },
    },
  }));
  const mapping = Object.fromEntries(nodes.map((node) => [node.id as string, node]));
  const head = { conversation_id: id, title: 'A title', create_time: START, mapping };
  return { ...head, current_node: `${id}-${said.length - 1}`, ...rest };
}

const pointer = (id: string, rest: JsonObject = {}): JsonObject => ({
  ...{ content_type: 'image_asset_pointer', asset_pointer: id, size_bytes: 5, ...rest },
});

async function partsOf(said: readonly Said[], assets: Record<string, string> = {}, sizes = {}) {
  const name = 'conversations.json';
  const file = exportOf({ [name]: JSON.stringify([conversation('c', said)]), ...assets }, sizes);
  const { sessions, receipt } = await importFile(file(name));
  return { receipt, parts: sessions[0]!.messages.map(({ parts }) => parts) };
}

const image = (name: string, byteLength: number) => ({
  type: 'image',
  attachment: { mediaType: 'image/png', name, byteLength },
});

describe('an import of an export of ChatGPT', () => {
  it('finds images under names that begin with their ids', async () => {
    const { parts, receipt } = await partsOf(
      [
        say('user', ['Look', pointer('file-service://file-abc1'), pointer('sediment://file_00d2')]),
        say('tool', [
          pointer('file-service://file-dall3', { metadata: { dalle: { prompt: 'A cat' } } }),
        ]),
      ],
      {
        'file-abc12-other.png': 'wrong',
        'file-abc1-photo.png': 'photo!',
        'c/image/file_00d2-x.png': 'deep',
        'dalle-generations/file-dall3-y.webp': 'cat',
      },
    );
    expect(parts).toMatchObject([
      [{ text: 'Look' }, image('file-abc1-photo.png', 6), image('file_00d2-x.png', 4)],
      [
        {
          ...{ type: 'tool-result', output: '' },
          attachments: [{ mediaType: 'image/webp', byteLength: 3 }],
        },
        { type: 'raw', kind: 'image_asset_pointer' },
      ],
    ]);
    expect(receipt.skipped).toEqual([]);
  });

  it('keeps the record of an image that is missing or too large', async () => {
    const { parts, receipt } = await partsOf(
      [say('user', [pointer('file-service://file-gone'), pointer('file-service://file-huge')])],
      { 'file-huge.png': 'x' },
      { 'file-huge.png': MOST_ASSET_BYTES + 1 },
    );
    const record = { type: 'raw', kind: 'image_asset_pointer' };
    expect(parts).toMatchObject([[record, record]]);
    expect(receipt.skipped).toMatchObject([{ place: '/export/file-huge.png', isDamage: false }]);
  });

  it('keeps attachments once, with their types and names', async () => {
    const attachments = [
      { id: 'file-abc1', name: 'photo.png', mime_type: 'image/png' },
      { id: 'file-doc1', name: 'Notes.odd', mime_type: 'text/x-odd' },
      { id: 'file-gone', name: 'gone.pdf' },
    ];
    const { parts } = await partsOf(
      [say('user', [pointer('file-service://file-abc1'), 'Read'], { attachments })],
      { 'file-abc1-photo.png': 'photo', 'file-doc1-Notes.odd': 'notes' },
    );
    expect(parts).toMatchObject([
      [
        image('file-abc1-photo.png', 5),
        { text: 'Read' },
        { type: 'file', attachment: { mediaType: 'text/x-odd', name: 'Notes.odd', byteLength: 5 } },
        { type: 'raw', kind: 'attachment', data: { id: 'file-gone' } },
      ],
    ]);
  });

  it('keeps the words and the sounds of a voice conversation', async () => {
    const { parts } = await partsOf(
      [
        say('user', [
          { content_type: 'audio_transcription', text: 'Hello', direction: 'in' },
          {
            content_type: 'real_time_user_audio_video_asset_pointer',
            audio_asset_pointer: { asset_pointer: 'sediment://file_sound' },
            frames_asset_pointers: [],
          },
          null,
        ]),
      ],
      { 'c/audio/file_sound-1.wav': 'la' },
    );
    expect(parts).toMatchObject([
      [{ text: 'Hello' }, { type: 'file', attachment: { mediaType: 'audio/wav', byteLength: 2 } }],
    ]);
  });

  it('puts links where sources are marked, and keeps a mark without a source', async () => {
    const mark = (name: string) => `\ue200cite\ue202${name}\ue201`;
    const content_references = [
      { matched_text: mark('turn0search1'), alt: '([A](https://a.example))' },
      { matched_text: mark('turn0search2'), items: [{ title: 'B$&', url: 'https://b.example' }] },
      { matched_text: ' ', alt: 'never' },
    ];
    const text = `One ${mark('turn0search1')} two ${mark('turn0search2')} three ${mark('turn9')}`;
    const citations = [{ start_ix: 1 }];
    const { parts } = await partsOf([
      say('user', ['Why?']),
      say('assistant', [text], { content_references, citations, canvas: {} }),
    ]);
    expect(parts[1]).toMatchObject([
      {
        text: `One ([A](https://a.example)) two ([B$&](https://b.example)) three ${mark('turn9')}`,
      },
      { type: 'raw', kind: 'citations' },
    ]);
  });

  it('marks what the person did not write', async () => {
    const hidden = { is_visually_hidden_from_conversation: true };
    const context = {
      content_type: 'user_editable_context',
      user_profile: 'I am',
      user_instructions: 'Be',
    };
    const { parts } = await partsOf([
      say('system', ['Rules']),
      { role: 'user', content: context, rest: { metadata: hidden } },
      {
        role: 'system',
        content: { content_type: 'model_editable_context', model_set_context: 'Likes' },
      },
      say('user', ['Memory'], { is_user_system_message: true }),
      say('user', ['Question']),
    ]);
    expect(parts.flat()).toEqual([
      { type: 'text', text: 'Rules', isInjected: true },
      { type: 'text', text: 'I am\n\nBe', isInjected: true },
      { type: 'text', text: 'Likes', isInjected: true },
      { type: 'text', text: 'Memory', isInjected: true },
      { type: 'text', text: 'Question' },
    ]);
  });

  it('keeps the source of a page that a tool has read', async () => {
    const { parts } = await partsOf([
      say('assistant', ['search("x")'], {}, { recipient: 'browser' }),
      {
        role: 'tool',
        content: {
          content_type: 'tether_quote',
          url: 'https://a.example',
          title: 'A',
          text: 'Page',
        },
      },
    ]);
    expect(parts[1]).toMatchObject([{ output: 'A\nhttps://a.example\nPage', name: 'browser' }]);
  });

  it('takes the newest message as the last one when the file names none', async () => {
    const said = [say('user', ['Why?']), say('assistant', ['New']), say('assistant', ['Old'])];
    const chat = conversation('c', said, { current_node: 'missing' });
    const old = (chat.mapping as JsonObject)['c-2'] as JsonObject;
    Object.assign(old, { parent: 'c-0' });
    Object.assign(old.message as JsonObject, { create_time: START + 0.5 });
    const { sessions } = await importFile(
      historyFile('conversations.json', JSON.stringify([chat])),
    );
    expect(sessions.map(({ messages }) => outlineOf(messages).at(-1))).toEqual([
      'assistant: text New',
      'assistant: text Old',
    ]);
  });

  it('keeps messages in a circle, those of a missing parent, and those before their parents', async () => {
    const chat = conversation('c', [
      ...[say('user', ['Late']), say('user', ['First']), say('user', ['Of nobody'])],
      ...[say('user', ['In a circle']), say('user', ['Behind it'])],
    ]);
    const mapping = chat.mapping as Record<string, JsonObject>;
    const parents = ['c-1', null, 'gone', 'c-4', 'c-3'];
    for (const [index, parent] of parents.entries()) mapping[`c-${index}`]!.parent = parent;
    const text = JSON.stringify([chat]);
    const { sessions } = await importFile(historyFile('conversations.json', text));
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      ['user: text In a circle', 'user: text Behind it'],
      ['user: text Of nobody'],
      ['user: text First', 'user: text Late'],
    ]);
  });

  it('reads each numbered piece of an export', async () => {
    const store: Store = createMemoryStore();
    const file = exportOf({
      'conversations-000.json': JSON.stringify([conversation('a', [say('user', ['One'])])]),
      'conversations-001.json': JSON.stringify([
        { id: 'no-mapping' },
        conversation('b', [say('user', [pointer('file-service://file-abc1')])]),
      ]),
      'file-abc1.png': 'photo',
    });
    const first = await importFile(file('conversations-000.json'), store);
    const second = await importFile(file('conversations-001.json'), store);
    expect([first.receipt.added, second.receipt.added]).toEqual([1, 1]);
    expect(second.receipt.skipped).toMatchObject([{ place: 'conversation 1', isDamage: true }]);
    expect(second.sessions[0]!.messages[0]!.parts).toMatchObject([image('file-abc1.png', 5)]);
    const again = await importFile(file('conversations-001.json'), store);
    expect(again.receipt).toMatchObject({ added: 0, unchanged: 1 });
  });
});
