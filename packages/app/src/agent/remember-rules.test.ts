import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadSettings, type Settings } from '@synapse/config';
import { ConfigError } from '@synapse/core';
import { rememberRules } from './remember-rules.ts';

const rules = ['shell: git push *', 'write: "a\\b"'];

const folder = mkdtempSync(join(tmpdir(), 'synapse-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'config.toml');

async function load(): Promise<Settings> {
  const environment = { HOME: folder, SYNAPSE_CONFIG: file };
  return (await loadSettings({ environment, flags: {} })).settings;
}

describe('rememberRules', () => {
  it.each([
    ['an empty file', ''],
    ['a file without tools', '# mine\nmodel = "x"'],
    ['tools without a list', '[tools]\nmode = "all"\n\n[mcp]\ntimeout = 1\n'],
    ['a list on one line', '[tools]\nallow = [\'now\', "list"] # these\n'],
    ['a list over lines', '[tools]\nallow = [\n  "now", # a ] here\n  "list",\n]\n'],
    ['an empty list', '[ tools ] # here\nallow=[]'],
    ['a list of another table behind', '[tools]\n[aliases]\nallow = "x"\n'],
    ['a dotted key', 'tools.allow = ["now"]'],
    ['text that looks like a table', 'system_prompt = """\n[tools]\n"""'],
  ])('adds to %s and leaves the rest', async (_, text) => {
    writeFileSync(file, text);
    const before = await load();
    await rememberRules({ file: file, environment: {} }, rules);
    const allow = [...before.tools.allow, ...rules];
    expect(await load()).toEqual({ ...before, tools: { ...before.tools, allow } });
    const changed = readFileSync(file, 'utf8');
    for (const comment of text.match(/#.*/g) ?? []) expect(changed).toContain(comment);
  });

  it('creates the file if it is missing', async () => {
    rmSync(file, { force: true });
    await rememberRules({ file: file, environment: {} }, rules);
    expect((await load()).tools.allow).toEqual(rules);
  });

  it('adds nothing twice', async () => {
    writeFileSync(file, `[tools]\nallow = ['${rules[0]}']\n`);
    const { ino } = statSync(file);
    await rememberRules({ file: file, environment: {} }, [rules[0]!]);
    expect(statSync(file).ino).toBe(ino);
    await rememberRules({ file: file, environment: {} }, rules);
    expect((await load()).tools.allow).toEqual(rules);
  });

  it.each([
    ['what it would have to lay out anew', '[tools]\nallow = [\n  "x", "y", # two\n  # last\n]\n'],
    ['what is no TOML', '[tools\nallow = []\n'],
  ])('leaves %s unchanged, and reports it', async (_, text) => {
    writeFileSync(file, text);
    await expect(rememberRules({ file: file, environment: {} }, rules)).rejects.toThrow(
      ConfigError,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
