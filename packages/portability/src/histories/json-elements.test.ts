import { expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@synapse/core';
import fc from 'fast-check';
import type { HistoryFile } from './history.ts';
import { readJsonElements } from './json-elements.ts';

function fileOf(text: string, step: number): HistoryFile {
  const bytes = Buffer.from(text);
  return {
    ...{ path: 'a.json', byteLength: bytes.byteLength, modifiedAt: new Date(0) },
    async *bytes() {
      for (let start = 0; start < bytes.byteLength; start += step) {
        yield bytes.subarray(start, start + step);
      }
    },
  };
}

async function read(text: string, step = 7): Promise<{ records: JsonObject[]; skips: string[] }> {
  const records: JsonObject[] = [];
  const skips: string[] = [];
  const skip = (place: string, reason: string) => skips.push(`${place} ${reason}`);
  for await (const { record } of readJsonElements(fileOf(text, step), 'list', skip)) {
    records.push(record);
  }
  return { records, skips };
}

it('reads the elements of any list, wherever the file is cut into chunks', async () => {
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<JsonValue>));
  const step = fc.integer({ min: 1, max: 40 });
  const indent = fc.constantFrom(undefined, 2);
  await fc.assert(
    fc.asyncProperty(objects, step, indent, fc.boolean(), async (list, size, space, isNamed) => {
      const value = isNamed ? { a: [{ list: [1] }], 'l\\ist': 'list', list, b: [{}] } : list;
      const text = `\uFEFF${JSON.stringify(value, undefined, space)}\n`;
      const { records, skips } = await read(text, size);
      expect(records).toEqual(JSON.parse(JSON.stringify(list)));
      expect(skips).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('takes an object without the list as the only element', async () => {
  const value = { name: 'list', deep: { list: [{}] }, others: ['list', [1]] };
  expect(await read(JSON.stringify(value))).toEqual({ records: [value], skips: [] });
});

it('names damaged elements, and reads those after them', async () => {
  expect(await read('[{"a":1}, {"b":nope}, 7, "x", {"c":2}, {"d":')).toEqual({
    records: [{ a: 1 }, { c: 2 }],
    skips: [
      'record 2 is not valid JSON',
      'record 3 is not a JSON object',
      'record 4 is not a JSON object',
      'record 6 is cut off',
    ],
  });
});

it('refuses a file that holds no list', async () => {
  await expect(read('hello')).rejects.toThrow('a.json is not a JSON list of objects.');
  await expect(read('')).rejects.toThrow('a.json is not a JSON list of objects.');
});

it('names a record that is nested too deeply, and reads the others', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  expect(await read(`[${deep},{"b":"${'['.repeat(600)}\\""}]`, 500)).toEqual({
    records: [{ b: `${'['.repeat(600)}"` }],
    skips: ['record 1 is nested too deeply'],
  });
});
