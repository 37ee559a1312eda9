import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@synapse/core';
import { historyFile, importFile, outlineOf } from '@synapse/test/support/imported-histories';
import type { HistoryFile } from '../history.ts';

const homes: string[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) await rm(home, { recursive: true });
});

const at = (index: number) =>
  new Date(Date.parse('2026-03-01T10:00:00Z') + index * 1000).toISOString();

const prompt = (uuid: string, parentUuid: string | null, content: string): JsonObject => ({
  ...{ type: 'user', uuid, parentUuid, message: { role: 'user', content } },
});
const reply = (uuid: string, parentUuid: string, id: string, block: JsonObject): JsonObject => ({
  ...{ type: 'assistant', uuid, parentUuid },
  message: {
    id,
    role: 'assistant',
    model: 'claude-opus-5',
    content: [block],
    stop_reason: 'end_turn',
  },
});
const text = (value: string): JsonObject => ({ type: 'text', text: value });
const call = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'Bash', input: {} });
const result = (
  uuid: string,
  parentUuid: string,
  id: string,
  content: string | JsonObject[],
): JsonObject => ({
  ...{ type: 'user', uuid, parentUuid },
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] },
});
const resultIn = ({ message }: JsonObject): JsonValue =>
  (message as { content: JsonValue[] }).content[0]!;
const transcript = (records: readonly JsonObject[]): string =>
  records
    .map((record, index) => JSON.stringify({ sessionId: 's1', timestamp: at(index), ...record }))
    .join('\n');

/** Writes the files of a project, of which some have a size, and gives one as an import reads it. */
async function projectOf(contents: Record<string, string>, sizes: Record<string, number> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'claude-code-'));
  homes.push(home);
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), content);
    if (name in sizes) await truncate(join(home, name), sizes[name]);
  }
  return (name: string): HistoryFile => historyFile(join(home, name), contents[name]!);
}

const beginning = (name: string): string =>
  `<persisted-output>\nOutput too large (340.7KB). Full output saved to: /gone/projects/-old/s1/tool-results/${name}\n\nPreview (first 2KB):\n1\n</persisted-output>`;

describe('an import of a transcript of Claude Code', () => {
  it('reads large outputs from the files beside it', async () => {
    const records = [
      prompt('u1', null, 'Run'),
      reply('a1', 'u1', 'msg_1', call('t1')),
      reply('a2', 'a1', 'msg_1', call('t2')),
      reply('a3', 'a2', 'msg_1', call('t3')),
      result('r1', 'a1', 't1', beginning('b1.txt')),
      result('r2', 'a2', 't2', beginning('b2.txt')),
      result('r3', 'a3', 't3', beginning('b3.txt')),
    ];
    const aside = { isSidechain: true, agentId: 'x1' };
    const file = await projectOf(
      {
        's1.jsonl': transcript(records),
        's1/subagents/agent-x1.jsonl': transcript(records.map((one) => ({ ...one, ...aside }))),
        's0/tool-results/b1.txt': 'of another session',
        's1/tool-results/b1.txt': 'all of it',
        's1/tool-results/b3.txt': 'too much',
      },
      { 's1/tool-results/b3.txt': (8 << 20) + 1 },
    );
    for (const name of ['s1.jsonl', 's1/subagents/agent-x1.jsonl']) {
      const { sessions, receipt } = await importFile(file(name));
      const outputs = sessions[0]!.messages[2]!.parts.map(
        (part) => part.type === 'tool-result' && part.output,
      );
      expect(outputs).toEqual(['all of it', beginning('b2.txt'), beginning('b3.txt')]);
      expect(receipt.skipped).toEqual([
        {
          place: 'output b2.txt',
          reason: 'is missing, and only its beginning is imported',
          isDamage: false,
        },
        {
          place: 'output b3.txt',
          reason: 'is larger than 8 MiB, and only its beginning is imported',
          isDamage: false,
        },
      ]);
    }
  });

  it('keeps prompts that were typed while a tool ran, and marks those that the tool wrote', async () => {
    const queued = (uuid: string, given: JsonObject): JsonObject => ({
      ...{ type: 'attachment', uuid, parentUuid: 'a1' },
      attachment: { type: 'queued_command', ...given },
    });
    const { sessions } = await importFile(
      historyFile(
        's1.jsonl',
        transcript([
          prompt('u1', null, 'Run'),
          reply('a1', 'u1', 'msg_1', text('Working')),
          queued('q1', { prompt: 'Hurry' }),
          { ...queued('q2', { prompt: [text('And look')] }), parentUuid: 'q1' },
          { ...queued('q3', { prompt: '<task-notification>done' }), parentUuid: 'q2' },
        ]),
      ),
    );
    expect(sessions[0]!.messages.slice(2).flatMap(({ parts }) => parts)).toEqual([
      { type: 'text', text: 'Hurry' },
      { type: 'text', text: 'And look' },
      { type: 'text', text: '<task-notification>done', isInjected: true },
    ]);
  });

  it('continues after a compaction', async () => {
    const { sessions } = await importFile(
      historyFile(
        's1.jsonl',
        transcript([
          prompt('u1', null, 'One'),
          reply('a1', 'u1', 'msg_1', text('First')),
          prompt('b1', 'a1', 'Left'),
          {
            ...{ type: 'system', subtype: 'compact_boundary', uuid: 'c1' },
            ...{ parentUuid: null, logicalParentUuid: 'a1' },
          },
          { ...prompt('u2', 'c1', 'Summary'), isCompactSummary: true },
          prompt('u3', 'u2', 'Two'),
        ]),
      ),
    );
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      ['user: text One', 'assistant: text raw First', 'user: text Summary', 'user: text Two'],
      ['user: text One', 'assistant: text raw First', 'user: text Left'],
    ]);
    expect(sessions[0]!.messages[2]!.parts).toMatchObject([{ isInjected: true }]);
  });

  it('takes the title that the person gave, then those of the tool, then the first prompt', async () => {
    const titles: JsonObject[] = [
      { type: 'custom-title', customTitle: 'Given' },
      { type: 'ai-title', aiTitle: 'Made' },
      { type: 'summary', summary: 'Summed up', leafUuid: 'u1' },
      { type: 'summary', summary: 'Of another transcript', leafUuid: 'elsewhere' },
    ];
    const found = [];
    for (let count = 0; count <= titles.length; count += 1) {
      const records = [...titles.slice(count), prompt('u1', null, 'Asked')];
      const { sessions } = await importFile(historyFile('s1.jsonl', transcript(records)));
      found.push(sessions[0]!.session.title);
    }
    expect(found).toEqual(['Given', 'Made', 'Summed up', 'Asked', 'Asked']);
  });

  it('makes what a tool returned beside its text part of its result', async () => {
    const source = (media_type: string) => ({ type: 'base64', media_type, data: 'iVBORw0KGgo=' });
    const image: JsonObject = { type: 'image', source: source('image/png') };
    const linked: JsonObject = { type: 'image', source: { type: 'url', url: 'https://a.test/b' } };
    const shown = result('r2', 'a2', 't2', [image]);
    const records = [
      prompt('u1', null, 'Show'),
      reply('a1', 'u1', 'msg_1', call('t1')),
      reply('a2', 'a1', 'msg_1', call('t2')),
      result('r1', 'a1', 't1', [text('Two'), image, linked, image]),
      { ...shown, message: { role: 'user', content: [resultIn(shown), image, text('Mine')] } },
      reply('a3', 'r2', 'msg_2', call('t3')),
      result('r3', 'a3', 't3', [{ type: 'document', source: source('application/pdf') }]),
    ];
    const { sessions } = await importFile(historyFile('s1.jsonl', transcript(records)));
    expect(outlineOf(sessions[0]!.messages)).toEqual([
      'user: text Show',
      'assistant: tool-call tool-call',
      'tool: tool-result+2 tool-result+1',
      'user: image text Mine',
      'assistant: tool-call',
      'tool: tool-result file',
    ]);
    const outputs = sessions[0]!.messages[2]!.parts.map((part) =>
      part.type === 'tool-result' ? part.output : part.type,
    );
    expect(outputs).toEqual([`Two\n${JSON.stringify(linked)}`, '']);
  });

  it('reads the facts about a subagent', async () => {
    const records = [prompt('u1', null, 'Count'), reply('a1', 'u1', 'msg_1', text('Three'))];
    const file = await projectOf({
      's1/subagents/agent-x1.jsonl': transcript(
        records.map((one) => ({ ...one, isSidechain: true, agentId: 'x1' })),
      ),
      's1/subagents/agent-x1.meta.json': JSON.stringify({
        ...{ agentType: 'general-purpose', description: 'Count words', toolUseId: 't1' },
      }),
    });
    const { sessions } = await importFile(file('s1/subagents/agent-x1.jsonl'));
    expect(sessions[0]!.session).toMatchObject({
      title: 'Count words',
      metadata: {
        history: { id: 's1/x1', parentId: 's1', agentType: 'general-purpose', toolUseId: 't1' },
      },
    });
  });
});
