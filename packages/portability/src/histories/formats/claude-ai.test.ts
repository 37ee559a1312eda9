import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue, Part, Store } from '@synapse/core';
import {
  historyFile,
  importFile,
  outlineOf,
  sessionsIn,
} from '@synapse/test/support/imported-histories';

const at = (second: number) => `2026-03-01T10:00:${String(second).padStart(2, '0')}.123456Z`;

const say = (uuid: string, sender: string, content: JsonObject[], rest: JsonObject = {}) => ({
  ...{ uuid, sender, content, text: 'lossy', attachments: [], files: [], created_at: at(5) },
  ...rest,
});
const text = (value: string): JsonObject => ({ type: 'text', text: value });

async function bring(...chats: JsonObject[]) {
  return importFile(historyFile('conversations.json', JSON.stringify(chats)));
}

const chat = (chat_messages: JsonObject[], rest: JsonObject = {}): JsonObject => ({
  ...{ uuid: 'c1', name: 'A name', created_at: at(0), chat_messages, ...rest },
});

const aNote = (value: string): Part => ({ type: 'text', text: value, isInjected: true });

describe('an import of an export of Claude.ai', () => {
  it('pairs calls without ids with their results, apart from those of other messages', async () => {
    const call = { type: 'tool_use', id: null, name: 'artifacts' };
    const artifact = { ...call, input: { command: 'create', id: 'x', content: '<p>' } };
    const found = { type: 'tool_result', tool_use_id: null, content: 'OK' };
    const { sessions } = await bring(
      chat([
        say('m1', 'human', [text('Draw')]),
        say('m2', 'assistant', [artifact, found, text('Done'), artifact, found]),
        say('m3', 'human', [text('Again')]),
        say('m4', 'assistant', [artifact, found]),
      ]),
    );
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text Draw',
      'assistant: tool-call',
      'tool: tool-result',
      'assistant: text tool-call Done',
      'tool: tool-result',
      'user: text Again',
      'assistant: tool-call',
      'tool: tool-result',
    ]);
    const parts = messages.flatMap((message) => message.parts);
    const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
    const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
    expect(calls[0]!.input).toEqual(artifact.input);
    expect(results.map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    expect(results.map(({ name }) => name)).toEqual(['artifacts', 'artifacts', 'artifacts']);
  });

  it('makes an image that a tool returned part of its result', async () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    const content = [text('A chart'), { type: 'image', source }];
    const found: JsonObject = { type: 'tool_result', tool_use_id: null, content };
    const call: JsonObject = { type: 'tool_use', id: null, name: 'repl', input: {} };
    const { sessions } = await bring(
      chat([
        say('m1', 'human', [text('Draw')]),
        say('m2', 'assistant', [call, found, text('Drawn')]),
      ]),
    );
    expect(outlineOf(sessions[0]!.messages).slice(1)).toEqual([
      'assistant: tool-call',
      'tool: tool-result+1',
      'assistant: text Drawn',
    ]);
  });

  it('keeps the text of blocks with citations and of spoken notes', async () => {
    const cited = { ...text('It is so.'), citations: [{ url: 'https://a.example' }] };
    const { sessions } = await bring(
      chat([
        say('m1', 'human', [{ type: 'voice_note', text: 'Is it?', title: 'Note' }]),
        say('m2', 'assistant', [cited]),
      ]),
    );
    expect(sessions[0]!.messages.map(({ parts }) => parts)).toEqual([
      [{ type: 'text', text: 'Is it?' }],
      [
        { type: 'text', text: 'It is so.' },
        { type: 'raw', kind: 'citations', data: cited.citations },
      ],
    ]);
  });

  it('keeps a message with a bad time, and all after it', async () => {
    const bad = { created_at: 'yesterday' };
    const { sessions, receipt } = await bring(
      chat([say('m1', 'human', [text('One')], bad), say('m2', 'assistant', [text('Two')])], bad),
      chat([say('m3', 'human', [text('Three')])], { uuid: 'c2' }),
    );
    expect(receipt).toMatchObject({ added: 2, skipped: [] });
    const [first] = sessions;
    expect(first!.messages.map(({ createdAt }) => createdAt.getUTCFullYear())).toEqual([
      2026, 2026,
    ]);
    expect(first!.session.createdAt.getUTCFullYear()).toBe(2026);
  });

  it('names a session without a name by its first prompt, and keeps the facts about it', async () => {
    const project = { uuid: 'p1', name: 'Work' };
    const { sessions } = await bring(
      chat([say('m1', 'human', [text('Why?')])], {
        ...{ name: '', summary: 'About reasons', project, is_starred: true },
      }),
    );
    expect(sessions[0]!.session).toMatchObject({
      ...{ title: 'Why?', pinned: true },
      metadata: { history: { summary: 'About reasons', project } },
    });
  });

  it('makes branches of other answers, and takes the only text of older exports', async () => {
    const old = (uuid: string, sender: string, said: string, parent: string | null) => ({
      ...{ uuid, sender, text: said, created_at: at(1), parent_message_uuid: parent },
    });
    const { sessions } = await bring(
      chat([
        old('m1', 'human', 'Why?', '00000000-0000-4000-8000-000000000000'),
        old('m2', 'assistant', '<antArtifact>One</antArtifact>', 'm1'),
        old('m3', 'assistant', 'Two', 'm1'),
      ]),
    );
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      ['user: text Why?', 'assistant: text Two'],
      ['user: text Why?', 'assistant: text <antArtifact>One</antArtifact>'],
    ]);
  });

  it('keeps each project with its instructions and documents, and tags its conversations', async () => {
    const document = (uuid: string, second: number, content: string) => ({
      ...{ uuid, filename: `${uuid}.md`, content, created_at: at(second) },
    });
    const project = {
      ...{ uuid: 'p1', name: 'My first project', description: 'About ports', is_private: true },
      ...{ is_starter_project: false, prompt_template: 'Be brief.', created_at: at(1) },
      creator: { uuid: 'u', full_name: 'Somebody Private' },
      docs: [document('d2', 3, 'Second'), document('d1', 2, 'First')],
    };
    const empty = { ...project, uuid: 'p2', description: '', prompt_template: '', docs: [] };
    const bare = { ...empty, uuid: 'p3', name: '', prompt_template: 'Be kind.' };
    const fileOf = (...projects: JsonObject[]) =>
      historyFile('projects.json', JSON.stringify(projects));
    const { receipt, sessions, store } = await importFile(fileOf(project, empty, bare));
    expect(receipt).toMatchObject({ tool: 'claude-ai', added: 2 });
    expect(receipt.skipped.map(({ place, reason }) => `${place}: ${reason}`)).toEqual([
      'project 2: has no description, instructions or documents',
      'file: left out who created the projects: personal data',
    ]);
    const [first, other] = sessions;
    expect(first!.session).toMatchObject({
      ...{ title: 'My first project', systemPrompt: 'Be brief.', tags: ['My-first-project'] },
      createdAt: new Date('2026-03-01T10:00:01.123Z'),
    });
    expect(outlineOf(first!.messages)).toEqual([
      'user: text About ports',
      'user: file',
      'user: file',
    ]);
    const files = first!.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'file' ? part.attachment : [])),
    );
    expect(files.map(({ name }) => name)).toEqual(['d1.md', 'd2.md']);
    expect(Buffer.from((await store.attachments.get(files[0]!.sha256))!).toString()).toBe('First');
    expect(outlineOf(other!.messages)).toEqual(['user: text Project:']);
    expect(JSON.stringify(sessions)).not.toContain('Private');
    const more = { ...project, docs: [...project.docs, document('d3', 4, 'Third')] };
    const grown = await importFile(fileOf(more), store);
    expect(grown.receipt).toMatchObject({ extended: 1, messageCount: 1 });
    const message = say('m1', 'human', [text('Which port?')]);
    const inProject = chat([message], { project: { uuid: 'p1', name: 'My first project' } });
    const { sessions: chats } = await bring(inProject);
    expect(chats[0]!.session.tags).toEqual(['My-first-project']);
  });

  it('keeps what Claude.ai remembers, and what it remembered before', async () => {
    const project = { uuid: 'p1', name: 'My first project' };
    const beside = historyFile('x/projects/p1.json', JSON.stringify(project));
    const memory = {
      ...{ conversations_memory: 'Likes short answers.', account_uuid: 'secret-account' },
      project_memories: { p1: 'Uses port 8080.', p2: 'Is about birds.', p3: '' },
      memory_files: [{ path: '/work.md', content: 'Works in Ulm.' }, { name: 'odd' }],
    };
    const read = (value: JsonValue, store?: Store, path = 'x/memories/a.json') => {
      const file = historyFile(path, JSON.stringify(value));
      return importFile({ ...file, around: () => Promise.resolve([beside]) }, store);
    };
    const { receipt, sessions, store } = await read(memory);
    expect(receipt).toMatchObject({ tool: 'claude-ai', added: 4, messageCount: 5, skipped: [] });
    expect(
      sessions.map(({ session: { title, tags }, messages }) => [
        ...[title, tags],
        ...messages.map(({ parts }) => parts),
      ]),
    ).toEqual([
      ['Memory', [], [aNote('Likes short answers.')]],
      [...['Memory files', []], [aNote('/work.md\n\nWorks in Ulm.')], [aNote('{"name":"odd"}')]],
      ['Memory of the project My first project', ['My-first-project'], [aNote('Uses port 8080.')]],
      ['Memory of the project p2', [], [aNote('Is about birds.')]],
    ]);
    expect(JSON.stringify(sessions)).not.toContain('secret-account');
    const again = await read([memory], store, 'x/memories.json');
    expect(again.receipt).toMatchObject({ unchanged: 4, added: 0, forked: 0 });
    const changed = { ...memory, conversations_memory: 'Likes long answers.' };
    const later = await read([changed, { conversations_memory: '' }], store, 'x/memories.json');
    expect(later.receipt).toMatchObject({ unchanged: 3, forked: 1, messageCount: 1 });
    expect(later.receipt.skipped).toMatchObject([{ place: 'memory 2', reason: 'has no text' }]);
    const texts = (await sessionsIn(store)).flatMap(({ messages }) => outlineOf(messages));
    expect(texts).toContain('user: text Likes short answers.');
    expect(texts).toContain('user: text Likes long answers.');
  });

  it('keeps a memory that is no text, and one without a path, as they are', async () => {
    const memory = {
      ...{ account_uuid: 'a', conversations_memory: { work: 'In Ulm.' }, memory_files: ['Short.'] },
      project_memories: { p1: { about: 'birds' }, p2: null },
    };
    const { sessions } = await bring(memory);
    expect(sessions.map(({ messages }) => messages.map(({ parts }) => parts))).toEqual([
      [[aNote('{"work":"In Ulm."}')]],
      [[aNote('Short.')]],
      [[aNote('{"about":"birds"}')]],
    ]);
  });

  it('tells memories and single projects from conversations that mention them', async () => {
    const input = { memory_files: [{ path: 'a' }], project_memories: {} };
    const call = { type: 'tool_use', id: 't1', name: 'write', input };
    const { sessions } = await bring(chat([say('m1', 'assistant', [call])]));
    expect(outlineOf(sessions[0]!.messages)).toEqual(['assistant: tool-call']);
    const project = { uuid: 'p1', name: 'One', is_starter_project: false, prompt_template: 'Go.' };
    const alone = await importFile(historyFile('projects/p1.json', JSON.stringify(project)));
    expect(alone.sessions[0]!.session).toMatchObject({ title: 'One', systemPrompt: 'Go.' });
  });
});
