import { describe, expect, it } from '@jest/globals';
import { parse } from 'smol-toml';
import { addAllowRules } from './add-allow-rules.ts';

const rules = ['shell: git push *', 'write: "a\\b"'];

function allowed(text: string): unknown {
  return (parse(addAllowRules(text, rules) ?? '') as { tools: { allow: unknown } }).tools.allow;
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
    ['a list of another table behind', '[tools]\n[other]\nallow = ["x"]\n', []],
  ])('adds to %s and leaves the rest', (_, text, before) => {
    expect(allowed(text)).toEqual(expect.arrayContaining([...before, ...rules]));
    const rest = parse(text);
    expect(parse(addAllowRules(text, rules) ?? '')).toMatchObject({
      ...rest,
      tools: { ...(rest.tools as object), allow: allowed(text) },
    });
    for (const comment of text.match(/#.*/g) ?? []) {
      expect(addAllowRules(text, rules)).toContain(comment);
    }
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
