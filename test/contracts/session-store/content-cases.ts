import { expect } from '@jest/globals';
import { newId, newMessage, type JsonValue, type Part } from '@synapse/core';
import type { SessionQuery } from '@synapse/core/store-kit';
import fc from 'fast-check';
import { aSession, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const RUNS = 100;

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1, 0x1a, 0x27, 0x5c, 0x7f, 0xd800, 0xdc00, 0xfeff, 0xffff),
  },
);
const text = fc.array(unit, { maxLength: 12 }).map((units) => String.fromCharCode(...units));
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toJSON', ''));
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.maxSafeInteger(),
    text,
    fc.array(tie('json'), { maxLength: 3 }),
    fc
      .array(fc.tuple(key, tie('json')), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
const object = fc
  .array(fc.tuple(key, json), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries));
const replay = fc.record(
  { dialect: text, data: json, isBound: fc.constant(true as const), prefix: text },
  { requiredKeys: ['dialect', 'data'] },
);
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record(
    { type: fc.constantFrom('text' as const, 'reasoning' as const), text, replay },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    { type: fc.constant('tool-call' as const), id: text, name: text, input: object, replay },
    { requiredKeys: ['type', 'id', 'name', 'input'] },
  ),
);
const message = fc.record({
  parts: fc.array(part, { maxLength: 3 }),
  provider: fc.option(text),
  model: fc.option(text),
  askedProvider: fc.option(text),
  askedModel: fc.option(text),
  finishReason: fc.option(fc.record({ unified: fc.constant('unknown' as const), raw: text })),
  error: fc.option(fc.record({ code: text, message: text })),
  createdAt: fc.date({ noInvalidDate: true }),
});
const session = fc.record({
  title: fc.option(text),
  systemPrompt: fc.option(text),
  workingDirectory: fc.option(text),
  provider: fc.option(text),
  model: fc.option(text),
  owner: fc.option(text),
  tags: fc.array(text, { maxLength: 3 }),
  metadata: object,
});

export const contentCases: ContractCases<TestedStore> = {
  'gives back what a message holds, character for character': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await fc.assert(
      fc.asyncProperty(message, async (given) => {
        const stored = newMessage({ id: newId(), role: 'assistant', ...given });
        await sessions.append(id, [stored], null);
        const loaded = await sessions.message(id, stored.id);
        expect(JSON.stringify(loaded?.parts)).toBe(JSON.stringify(stored.parts));
        expect(loaded).toMatchObject({ ...given, parts: expect.anything() });
      }),
      { numRuns: RUNS },
    );
  },

  'gives back what a session holds, and finds it by that': async ({ sessions }) => {
    await fc.assert(
      fc.asyncProperty(session, async (given) => {
        const { id } = await sessions.create(aSession(given));
        const loaded = await sessions.get(id);
        const tags = [...new Set(given.tags)].sort();
        expect(loaded).toMatchObject({ ...given, tags, metadata: expect.anything() as object });
        expect(JSON.stringify(loaded?.metadata)).toBe(JSON.stringify(given.metadata));
        const filters: Partial<SessionQuery> = {
          text: given.title ?? undefined,
          provider: given.provider ?? undefined,
          model: given.model ?? undefined,
          workingDirectory: given.workingDirectory ?? undefined,
          tag: given.tags[0],
        };
        const { items } = await sessions.list({ limit: 5, ...filters });
        expect(items.map((item) => item.id)).toEqual([id]);
        if (given.title !== null) {
          expect((await sessions.find(given.title)).map((item) => item.id)).toContain(id);
        }
        await sessions.purge([id]);
      }),
      { numRuns: RUNS },
    );
  },

  'never harms the prototype of anything': async ({ sessions }) => {
    const metadata = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, JsonValue>;
    const { id } = await sessions.create(aSession({ metadata }));
    const loaded = await sessions.get(id);
    expect(Object.hasOwn(loaded?.metadata ?? {}, '__proto__')).toBe(true);
    expect('polluted' in {}).toBe(false);
  },

  'keeps a message of several megabytes': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const parts = [{ type: 'text' as const, text: '\u0000é\ud83d\ude00'.repeat(300_000) }];
    const given = newMessage({ id: newId(), role: 'user', parts, createdAt: new Date(0) });
    await sessions.append(id, [given], null);
    expect((await sessions.message(id, given.id))?.parts).toEqual(parts);
  },
};
