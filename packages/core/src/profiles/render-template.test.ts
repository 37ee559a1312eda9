import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { CommandTemplate } from './profile.ts';
import { renderTemplate, type CommandArguments } from './render-template.ts';

const blank: CommandTemplate = {
  ...{ kind: 'command', name: 'test', description: null, sha256: '', warnings: [] },
  ...{ unknownFields: {}, body: '', style: 'named', inputs: [], argumentHint: null },
  ...{ agent: null, models: [] },
  origin: { client: 'synapse', scope: 'user', path: '/c.md', distance: 0 },
};
const input = { type: 'string' as const, description: null, default: null, choices: null };

function render(
  template: Partial<CommandTemplate>,
  given: Partial<CommandArguments> = {},
): Promise<string> {
  return renderTemplate(
    { ...blank, ...template },
    { text: '', inputs: {}, stdin: null, ...given },
    {
      runShell: async (command) => `[ran ${command}]`,
      readFile: async (path) => `[read ${path}]`,
    },
  );
}

describe('renderTemplate', () => {
  it.each([
    ['named', 'Say {{args}} twice: {{ args }}', 'Say a "b c" twice: a "b c"'],
    ['from-zero', '$0 then $ARGUMENTS[1], all: $ARGUMENTS', 'a then b c, all: a "b c"'],
    ['from-one', '$1 then $2', 'a then b c'],
    ['codex', '$1 then $2 costs $$5 of $HOME', 'a then b c costs $5 of $HOME'],
    ['braces', 'Say {{args}}', 'Say a "b c"'],
    ['from-zero', 'No place', 'No place\n\nARGUMENTS: a "b c"'],
    ['from-one', 'No place', 'No place\n\na "b c"'],
    ['braces', 'No place', 'No place\n\na "b c"'],
  ] as const)('puts arguments where %s templates want them: %s', async (style, body, expected) => {
    expect(await render({ style, body }, { text: 'a "b c"' })).toBe(expected);
  });

  it('gives the highest 1-based place the rest of the words', async () => {
    const body = '$1: $2';
    expect(await render({ style: 'from-one', body }, { text: 'a b c d' })).toBe('a: b c d');
  });

  it('reads declared $names and leaves others as they are', async () => {
    const template = {
      style: 'from-zero' as const,
      body: '$file in $PATH',
      inputs: [{ ...input, name: 'file' }],
    };
    expect(await render(template, { inputs: { file: 'x' } })).toBe('x in $PATH');
  });

  it('fills inputs by name, in order, and from their defaults', async () => {
    const inputs = [
      { ...input, name: 'language' },
      { ...input, name: 'topic' },
      { ...input, name: 'tone', default: 'dry' },
    ];
    const template = { body: '{{language}}/{{topic}}/{{tone}}', inputs };
    expect(await render(template, { text: 'topic=x de', inputs: { tone: 'kind' } })).toBe(
      'de/x/kind',
    );
    expect(await render(template, { text: 'de a b c d' })).toBe('de/a/b c d');
    const two = { ...template, inputs: inputs.slice(0, 2), body: '{{language}}/{{topic}}' };
    expect(await render(two, { text: "de 'it is'" })).toBe('de/it is');
  });

  it.each([
    [{}, 'needs the input "n"'],
    [{ inputs: { n: 'x' } }, 'is "x"'],
    [{ inputs: { n: '3' } }, 'is "3"'],
    [{ inputs: { n: '1', m: '2' } }, 'has no input "m"'],
  ])('refuses %j before anything runs', async (given, message) => {
    const inputs = [{ ...input, name: 'n', type: 'integer' as const, choices: ['1', '2'] }];
    await expect(render({ body: '!`touch x` {{n}}', inputs }, given)).rejects.toThrow(message);
  });

  it('puts piped input at its place, or after the text', async () => {
    expect(await render({ body: 'Look: {{stdin}}' }, { stdin: 'data\n' })).toBe('Look: data');
    expect(await render({ body: 'Look' }, { stdin: 'data\n' })).toBe(
      'Look\n\n<stdin>\ndata\n</stdin>',
    );
  });

  it('runs commands and reads files that the author wrote', async () => {
    const body = 'Diff: !`git diff $1` and (@src/a.ts). Mail me@here.org.';
    expect(await render({ style: 'from-zero', body }, { text: 'x "a b"' })).toBe(
      "Diff: [ran git diff 'a b'] and ([read src/a.ts]). Mail me@here.org.",
    );
    const braces = { style: 'braces' as const, body: '!{grep {{args}} .} @{a b.md}' };
    expect(await render(braces, { text: 'x y' })).toBe("[ran grep 'x y' .] [read a b.md]");
    const copilot = { style: 'placeholders' as const, body: '${input:x:what} #file:a.md' };
    expect(await render({ ...copilot, inputs: [{ ...input, name: 'x' }] }, { text: 'y' })).toBe(
      'y [read a.md]',
    );
  });

  it('never reads substituted text as a template', async () => {
    const hostile =
      '{{args}} $ARGUMENTS $0 !`id` @/etc/passwd !{id} @{/etc/passwd} ${input:a} #file:x';
    for (const style of [
      'named',
      'from-zero',
      'from-one',
      'codex',
      'placeholders',
      'braces',
    ] as const) {
      const inputs = [{ ...input, name: 'a' }];
      const body = style === 'placeholders' ? '${input:a}' : '$ARGUMENTS';
      const template = { style, body, inputs: style === 'placeholders' ? inputs : [] };
      const given = style === 'placeholders' ? { inputs: { a: hostile } } : { text: hostile };
      expect(await render(template, given)).not.toMatch(/\[ran|\[read/);
    }
  });

  const bodies = ['printf %s $ARGUMENTS', `printf %s "$ARGUMENTS"`, `printf %s '$ARGUMENTS'`];
  it.each(bodies)('makes arguments plain words for a shell: %s', async (line) => {
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from('ab \'"\\$`();&|<>!{}*~#\n-')),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        let command = '';
        const value = `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
        await renderTemplate(
          { ...blank, style: 'from-zero', body: `!\`${line}\`` },
          { text: value, inputs: {}, stdin: null },
          { runShell: async (given) => ((command = given), ''), readFile: async () => '' },
        );
        const { stdout } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
        expect(stdout).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    'echo $(id $0)',
    'echo ${x:-$0}',
    'cat <<E\n$0',
    'ls # $0',
    "echo $'$0'",
    'echo "$(id $0)"',
    'eval "echo $0"',
    'sh -c "echo $0"',
    'cd x && /bin/bash -eu -c "echo $0"',
    'echo $((1 + $0))',
    'if (( $0 )); then ls; fi',
  ])('refuses an argument where a shell would read it again: %s', async (line) => {
    const body = `!{${line.replaceAll('$0', '{{args}}')}}`;
    await expect(render({ style: 'braces', body }, { text: 'x' })).rejects.toThrow(/where a shell/);
  });

  it.each(['echo \\$0', 'awk "{print \\$0}" file', 'echo \\\\\\$0'])(
    'refuses an argument after a backslash, which would undo its quotes: %s',
    async (line) => {
      const body = `!{${line.replaceAll('$0', '{{args}}')}}`;
      await expect(render({ style: 'braces', body }, { text: '$(id)' })).rejects.toThrow(
        /backslash before an argument/,
      );
    },
  );

  it('takes two backslashes for one that is escaped itself', async () => {
    const body = '!`echo \\\\$ARGUMENTS`';
    expect(await render({ style: 'from-zero', body }, { text: 'a' })).toContain(
      String.raw`[ran echo \\a]`,
    );
  });
});
