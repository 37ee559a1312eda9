import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, type Settings } from '@synapse/config';
import { addAllowRules } from './add-allow-rules.ts';

const rules = ['shell: git push *', 'write: "a\\b"'];

const folder = mkdtempSync(join(tmpdir(), 'synapse-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function load(text: string): Promise<Settings> {
  const file = join(folder, 'config.toml');
  writeFileSync(file, text);
  const environment = { HOME: folder, SYNAPSE_CONFIG: file };
  return (await loadSettings({ environment, flags: {} })).settings;
}

describe('addAllowRules', () => {
  it.each([
    ['an empty file', '', []],
    ['a file without tools', '# mine\nmodel = "x"', []],
    ['tools without a list', '[tools]\nmode = "all"\n\n[mcp]\ntimeout = 1\n', []],
    ['a list on one line', '[tools]\nallow = [\'now\', "list"] # these\n', ['now', 'list']],
    [
      'a list over lines',
      '[tools]\nallow = [\n  "now", # a ] here\n  "list",\n]\n',
      ['now', 'list'],
    ],
    ['an empty list', '[ tools ] # here\nallow=[]', []],
    ['a list of another table behind', '[tools]\n[aliases]\nallow = "x"\n', []],
  ])('adds to %s and leaves the rest', async (_, text, before) => {
    const changed = addAllowRules(text, rules) ?? '';
    const settings = await load(text);
    const allow = expect.arrayContaining([...before, ...rules]) as unknown;
    expect(await load(changed)).toEqual({ ...settings, tools: { ...settings.tools, allow } });
    for (const comment of text.match(/#.*/g) ?? []) expect(changed).toContain(comment);
  });

  it('adds nothing twice', () => {
    const once = addAllowRules('', rules);
    expect(addAllowRules(once ?? '', rules)).toBe(once);
  });

  it.each([
    'tools.allow = ["now"]',
    'tools = { allow = ["now"] }',
    'system_prompt = """\n[tools]\n"""',
    '[tools]\n"allow" = ["now"]',
  ])('leaves alone what it does not understand: %s', (text) => {
    expect(addAllowRules(text, rules)).toBeUndefined();
  });
});
