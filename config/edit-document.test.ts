import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { editDocument } from './edit-document.ts';

const text = `# mine
provider = "openai"   # for work

[session]
max_sessions   = 5 # few
[providers.lab] # at home
base_url = 'http://lab:1/v1'
headers = { "x-a" = "1" }
`;

describe('editDocument', () => {
  it('changes one value and leaves comments and layout', async () => {
    const edited = await editDocument(text, { path: ['session', 'max_sessions'], value: 7 });
    expect(edited).toBe(text.replace('= 5 #', '= 7 #'));
  });

  it('keeps the line ends of Windows', async () => {
    const edited = await editDocument(text.replaceAll('\n', '\r\n'), {
      path: ['provider'],
      value: 'x',
    });
    expect(edited).toBe(text.replace('openai', 'x').replaceAll('\n', '\r\n'));
  });

  it('removes a key', async () => {
    const edited = await editDocument(text, { path: ['provider'], value: undefined });
    expect(parse(edited)).not.toHaveProperty('provider');
    expect(edited).toContain('[providers.lab] # at home');
  });

  it('creates the tables around a new key', async () => {
    const path = ['prices', 'lab/model-1.5', 'input'];
    const edited = await editDocument(text, { path, value: 0.25 });
    expect(parse(edited)).toMatchObject({ prices: { 'lab/model-1.5': { input: 0.25 } } });
    expect(edited.startsWith(text.slice(0, 40))).toBe(true);
  });

  it('treats names such as __proto__ as ordinary keys', async () => {
    const edited = await editDocument('', {
      path: ['providers', '__proto__', 'model'],
      value: 'x',
    });
    expect(Object.keys(parse(edited).providers as object)).toEqual(['__proto__']);
    expect(({} as { model?: string }).model).toBeUndefined();
  });

  it('changes only the given key, for any name and value', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 9 }), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ['session'],
          ['providers', 'lab'],
          ['new'],
          ['providers', 'other', 'headers'],
        ),
        name,
        value,
        async (table, key, wanted) => {
          const path = [...table, key];
          const edited = await editDocument(text, { path, value: wanted });
          expect(at(parse(edited), path)).toEqual(wanted);
          expect(edited).toContain('# for work');
          const back = await editDocument(edited, { path, value: undefined });
          expect(at(parse(back), ['provider'])).toBe('openai');
        },
      ),
      { numRuns: 200 },
    );
  });
});

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    const table = inner as Record<string, unknown>;
    return Object.hasOwn(table, name) ? table[name] : undefined;
  }, value);
}
