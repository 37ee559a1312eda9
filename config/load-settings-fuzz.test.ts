import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { checkDocument } from './check-document.ts';
import { isTableOf, type Leaf } from './leaf.ts';
import { leavesOf, loadSettings } from './load-settings.ts';
import { InvalidSettingsError, type Problem } from './problem.ts';
import { schema } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'synapse-config-fuzz-'));
const file = join(folder, 'config.toml');
afterAll(() => rmSync(folder, { recursive: true }));

/** The problems of what is loaded; anything but a list of them is a crash. */
async function problemsOf(
  toml: string | Uint8Array,
  variables: Record<string, string> = {},
  flags: Record<string, string> = {},
): Promise<readonly Problem[]> {
  writeFileSync(file, toml);
  const environment = { SYNAPSE_CONFIG: file, HOME: folder, ...variables };
  try {
    await loadSettings({ environment, flags });
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

const leaves = leavesOf(schema).filter(([, leaf]) => !isTableOf(leaf));
const anyValue = fc.oneof(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('${')),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.record({ a: fc.integer() }),
);
const isRight = (leaf: Leaf<unknown>, value: unknown) => checkDocument(value, leaf).length === 0;

describe('loadSettings, fuzzed', () => {
  it('names the file, line and key of every wrong value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), anyValue, async ([key, leaf], value) => {
        const [name = '', section] = key.split('.').reverse();
        const entry = { [name]: value };
        const toml = stringify(section ? { [section]: entry } : entry);
        const problems = await problemsOf(`# a comment\n\n${toml}`);
        if (isRight(leaf, value)) expect(problems).toEqual([]);
        else expect(problems).toMatchObject([{ source: file, key }]);
        for (const { line } of problems) expect(line).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });

  it('names the variable or the flag of every wrong value', async () => {
    const withVariables = leaves.filter(([, { variables }]) => variables.length > 0);
    const words = fc.string({ unit: 'grapheme', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withVariables), words, async ([key, leaf], text) => {
        const [variable = ''] = leaf.variables;
        const isGood = isRight(leaf, leaf.parse(text));
        const problems = await problemsOf('', { [variable]: text });
        expect(problems.map(({ source }) => source)).toEqual(isGood ? [] : [variable]);
        const flagged = await problemsOf('', {}, { [key]: text });
        expect(flagged.map(({ source }) => source.slice(0, 2))).toEqual(isGood ? [] : ['--']);
      }),
      { numRuns: 200 },
    );
  });

  it('accepts any names in user-defined tables, and names the wrong one', async () => {
    const odd = ['default', 'format', 'constructor', '__proto__', '', 'a.b', '=d', 'gpt-5.2'];
    const name = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'grapheme' }));
    const models = fc.dictionary(name, fc.integer({ min: 0, max: 99 }), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(models, name, async (prices, wrong) => {
        const table = (entries: [string, unknown][]) =>
          entries.map(([model, input]) => `${JSON.stringify(model)}.input = ${String(input)}\n`);
        const right = Object.entries(prices);
        writeFileSync(file, `[prices]\n${table(right).join('')}`);
        const { settings } = await loadSettings({
          environment: { SYNAPSE_CONFIG: file, HOME: folder },
        });
        expect(Object.entries(settings.prices)).toEqual(
          right.map(([model, input]) => [model, { input }]),
        );
        const others = right.filter(([model]) => model !== wrong);
        const problems = await problemsOf(
          `[prices]\n${table([...others, [wrong, true]]).join('')}`,
        );
        expect(problems).toMatchObject([
          { source: file, line: others.length + 2, key: `prices.${wrong}.input` },
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it('reports problems instead of crashing, for any bytes and any damage to a valid file', async () => {
    const good =
      '[providers.lab]\nbase_url = "http://lab"\nmodel = "m"\n[session]\ntrash_days = 3\n';
    const damaged = fc
      .tuple(fc.nat(good.length), fc.nat(9), fc.string({ maxLength: 5 }))
      .map(([at, length, text]) => good.slice(0, at) + text + good.slice(at + length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), damaged), async (toml) => {
        for (const { source } of await problemsOf(toml)) expect(source).toBe(file);
      }),
      { numRuns: 300 },
    );
  });

  it('rejects input that only one of its two TOML parsers accepts, and endless input', async () => {
    expect(await problemsOf("aliases = 1979-05-'7")).toMatchObject([{ source: file }]);
    const environment = { SYNAPSE_CONFIG: '/dev/zero', HOME: folder };
    await expect(loadSettings({ environment })).rejects.toThrow('larger than 1 MiB');
  });

  it('never repeats the value of a secret', async () => {
    const canary = 'sk-canary-0123456789';
    const places = [
      `[providers.lab]\napi_key = ["${canary}"]`,
      `[providers.lab]\napi_key = { "${canary}" = 1 }`,
      `[providers.lab]\nheaders = { authorization = ["${canary}"] }`,
      `[provider.lab]\napi_key = "${canary}"`,
    ];
    for (const toml of places) {
      const problems = await problemsOf(toml);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain(canary);
    }
  });
});
