import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { claudeCode } from './formats/claude-code.ts';
import { codex } from './formats/codex.ts';
import type { HistoryNode, HistoryPart } from './history.ts';
import { PartSpool } from './part-spool.ts';

const folder = temporaryFolder();
const aPart: fc.Arbitrary<HistoryPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: fc.string({ unit: 'binary' }) }),
  fc
    .uint8Array()
    .map((bytes) => ({ type: 'image' as const, mediaType: 'image/png', name: null, bytes })),
);

describe('PartSpool', () => {
  it('returns the parts of each message, wherever they are', async () => {
    const step = fc.record({
      node: fc.nat(3),
      parts: fc.array(aPart, { maxLength: 3 }),
      isReplaced: fc.boolean(),
    });
    const test = fc.asyncProperty(fc.nat(200), fc.array(step), async (mostBytes, steps) => {
      const spool = new PartSpool(mostBytes);
      const expected: HistoryPart[][] = [[], [], [], []];
      const nodes = expected.map((_, id) => aNode(spool, id));
      for (const { node: place, parts, isReplaced } of steps) {
        const [node, own] = [nodes[place], expected[place]];
        if (!node || !own) continue;
        if (isReplaced) {
          const other: HistoryPart = { type: 'text', text: 'other' };
          await spool.replace(node, async (part) => (part.type === 'text' ? other : part));
          expected[place] = own.map((part) => (part.type === 'text' ? other : part));
        } else {
          spool.add(node, parts, 40 * parts.length);
          own.push(...parts);
        }
        expect(nodes.map((one) => one.parts)).toEqual(expected);
      }
      spool.close();
    });
    await fc.assert(test);
  });

  it('refuses changes that would be lost', () => {
    const spool = new PartSpool(0);
    const node = aNode(spool, 0);
    spool.add(node, [{ type: 'text', text: 'a' }], 1);
    expect(() => node.parts.push({ type: 'text', text: 'b' })).toThrow(TypeError);
    spool.close();
  });

  it('keeps none of the parts that replace others in memory', async () => {
    const spool = new PartSpool();
    const node = aNode(spool, 0);
    spool.add(node, [{ type: 'text', text: 'beginning' }], 9);
    expect(Object.isFrozen(node.parts)).toBe(false);
    await spool.replace(node, async () => ({ type: 'text', text: 'all of it' }));
    expect(Object.isFrozen(node.parts)).toBe(true);
    expect(node.parts).toEqual([{ type: 'text', text: 'all of it' }]);
    spool.close();
  });

  it('has a file that disappears with it, however it ends', () => {
    const own = mkdtempSync(join(folder, 'temporary-'));
    const spool = new PartSpool(0, own);
    spool.add(aNode(spool, 0), [{ type: 'text', text: 'a' }], 1);
    const hasName = process.platform === 'win32';
    expect(readdirSync(own)).toHaveLength(hasName ? 1 : 0);
    spool.close();
    expect(readdirSync(own)).toEqual([]);
  });

  it('says where its file cannot be written', () => {
    const missing = join(folder, 'missing');
    const spool = new PartSpool(0, missing);
    const add = () => spool.add(aNode(spool, 0), [{ type: 'text', text: 'a' }], 1);
    expect(add).toThrow(`a temporary file in ${missing} can't be written (ENOENT)`);
    spool.close();
  });

  it.each([
    ['Claude Code', claudeCode, aTranscriptLine],
    ['Codex', codex, aRolloutLine],
  ])('keeps a long history of %s in a file for as long as the import', async (...given) => {
    const [, format, lineOf] = given;
    const texts = Array.from({ length: 80 }, (_, index) => `${index} ${'lorem '.repeat(40_000)}`);
    const content = Buffer.from(texts.map((text, index) => lineOf(text, index)).join(''));
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield content;
    }
    const file = { path: 's.jsonl', byteLength: content.length, modifiedAt: new Date(), bytes };
    const histories = format.read(file, () => undefined)[Symbol.asyncIterator]();
    const { nodes } = (await histories.next()).value as { nodes: HistoryNode[] };
    expect(Object.isFrozen(nodes[0]?.parts)).toBe(true);
    expect(nodes.map(({ parts }) => parts)).toEqual(texts.map((text) => [{ type: 'text', text }]));
    await histories.return?.();
    expect(() => nodes[0]?.parts).toThrow();
  });
});

function aTranscriptLine(content: string, index: number): string {
  const role = index % 2 === 0 ? 'user' : 'assistant';
  const message = { role, id: `m${index}`, content };
  return `${JSON.stringify({ type: role, uuid: `u${index}`, sessionId: 's', message })}\n`;
}

/** With the event that repeats the message, before or after it. */
function aRolloutLine(text: string, index: number): string {
  const [role, type] = index % 2 === 0 ? ['user', 'input_text'] : ['assistant', 'output_text'];
  const payload = { type: 'message', role, content: [{ type, text }] };
  const event = { type: role === 'user' ? 'user_message' : 'agent_message', message: text };
  const records = [
    { type: 'response_item', payload },
    { type: 'event_msg', payload: event },
  ];
  if (index % 4 < 2) records.reverse();
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function aNode(spool: PartSpool, id: number): HistoryNode {
  const place = { id: String(id), parentId: null, createdAt: new Date(0) };
  return spool.node({ ...place, role: 'user' });
}
