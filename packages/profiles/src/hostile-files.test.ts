import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SynapseError } from '@synapse/core';
import type { ProfileKind } from '@synapse/core/profiles';
import { createProfileHome, type ProfileHome } from '@synapse/test/support/profile-home';
import { openProfileSource } from './profile-source.ts';

const CANARY = 'CANARY-51ab';

let home: ProfileHome;
beforeEach(() => {
  home = createProfileHome();
});
afterEach(() => home.remove());

/** Every profile of a kind, or the reason why it can't be read. */
async function readAll(kind: ProfileKind): Promise<unknown[]> {
  const source = openProfileSource(home);
  const entries = await source.list(kind);
  return Promise.all(
    entries.map((entry) =>
      source.read(entry).catch((error: unknown) => {
        if (error instanceof SynapseError) return error.message;
        throw error;
      }),
    ),
  );
}

describe('hostile files', () => {
  it.each([
    ['a file', '.claude/agents/a.md', 'secret.md'],
    ['a folder', '.claude/agents/more', '.'],
    ['the folder of a program', '.claude', 'claude'],
  ])('give nothing by a link that leaves the project: %s', async (_, path, target) => {
    const text = `---\nname: a\ndescription: ${CANARY}\n---\n${CANARY}`;
    home.write({ '~/outside/secret.md': text, '~/outside/claude/agents/a.md': text });
    home.link(path, join(home.home, 'outside', target));
    const source = openProfileSource(home);
    expect(JSON.stringify(await source.list('agent'))).not.toContain(CANARY);
    expect(JSON.stringify(await readAll('agent'))).not.toContain(CANARY);
  });

  it('give nothing of a secret by an import, and nothing of a file outside', async () => {
    home.write({
      '~/outside.md': CANARY,
      '.env': CANARY,
      'docs/more.md': 'Imported. @../AGENTS.md @again.md',
      'docs/again.md': 'Once.',
      'AGENTS.md':
        'See @docs/more.md, @.env @../outside.md @/etc/passwd and `@docs/again.md` @someone',
    });
    home.link('docs/linked.md', join(home.home, 'outside.md'));
    home.write({ 'src/AGENTS.md': 'Look: @../docs/linked.md' });
    const { files, problems } = await openProfileSource(home).instructions(['AGENTS.md']);
    expect(files.map(({ text }) => text)).toEqual([
      'Look: @../docs/linked.md',
      'See Imported. @../AGENTS.md Once., @.env @../outside.md @/etc/passwd and `@docs/again.md` @someone',
    ]);
    expect(problems).toEqual([
      expect.stringContaining('linked.md: it lies outside'),
      expect.stringContaining('outside.md: it lies outside'),
    ]);
  });

  it('give instructions with their imports, each once', async () => {
    home.write({
      'docs/more.md': 'Imported. @../AGENTS.md @again.md',
      'docs/again.md': 'Once.',
      'AGENTS.md': 'See @docs/more.md @docs/again.md and `@docs/x.md` @someone @missing.md',
      '.env': CANARY,
      'src/CLAUDE.md': 'Key: @../.env @~/x.md',
    });
    const source = openProfileSource(home);
    const { files } = await source.instructions(['AGENTS.md', 'CLAUDE.md']);
    expect(files.map(({ name, text }) => [name, text])).toEqual([
      ['src/CLAUDE.md', 'Key: @../.env @~/x.md'],
      [
        'AGENTS.md',
        'See Imported. @../AGENTS.md Once. @docs/again.md and `@docs/x.md` @someone @missing.md',
      ],
    ]);
  });

  it.each([
    ['too large', 'x'.repeat(300 * 1024), 'larger than 256 kB'],
    ['binary', '---\nname: a\0\n---\n', 'not text'],
    ['a bomb of aliases', bomb(), 'aliases'],
    ['too deep', `---\nname: a\nx: ${'['.repeat(50_000)}\n---\n`, ''],
    ['an own tag', '---\nname: a\nx: !!js/function "return 1"\n---\n', ''],
    ['without an end', '---\nname: a\n', 'has no end'],
    ['a name that hides others', '---\nname: "rev\u202Eiewer"\ndescription: b\n---\n', ''],
    ['a name of control characters', '---\nname: "a\\e[2J"\ndescription: b\n---\n', ''],
    ['a prototype', '---\n__proto__: { name: x }\nconstructor: { name: x }\nname: a\n---\n', ''],
  ])('are listed, and spoil nothing: %s', async (_, text, problem) => {
    home.write({ '.claude/agents/a.md': text, '.claude/agents/z.md': '---\nname: z\n---\n' });
    const source = openProfileSource(home);
    const entries = await source.list('agent');
    expect(entries.map(({ name }) => name)).toEqual(['a', 'z']);
    const [first, last] = await readAll('agent');
    if (typeof first === 'string') expect(first).toContain(problem);
    expect(last).toMatchObject({ name: 'z' });
  });

  it('end at the bounds of a tree, whatever its depth and its circles', async () => {
    home.write({ '.claude/agents/1/2/3/4/5/6/in.md': '---\nname: in\n---\n' });
    home.write({ '.claude/agents/1/2/3/4/5/6/7/out.md': '---\nname: out\n---\n' });
    home.link('.claude/agents/1/circle', home.root);
    const names = (await openProfileSource(home).list('agent')).map(({ name }) => name);
    expect(names).toEqual(['in']);
    for (let count = 0; count < 2100; count += 1) {
      mkdirSync(join(home.root, `.claude/agents/a${String(count).padStart(4, '0')}`));
    }
    writeFileSync(join(home.root, '.claude/agents/a2099/late.md'), '---\nname: late\n---\n');
    const late = (await openProfileSource(home).list('agent')).map(({ name }) => name);
    expect(late).not.toContain('late');
  });

  it('never make a listing fail', async () => {
    const pieces = fc.constantFrom(
      ...[
        '---\n',
        'name: ',
        'description: ',
        'tools: ',
        'inputs: ',
        '[',
        ']',
        '{',
        '}',
        ': ',
        '\n',
      ],
      ...['- ', '  ', '|\n', '&a ', '*a ', '!!x ', '"', "'", '#', 'a', '1', '\t', '\u202e', '\0'],
      ...['prompt = ', '"""', '[[x]]', 'model: ', 'permission: ', 'max-turns: '],
    );
    const paths = {
      agent: ['.claude/agents/a.md', '.opencode/agent/a.md', '.codex/agents/a.toml'],
      command: ['.synapse/commands/a.md', '.gemini/commands/a.toml', '.github/prompts/a.prompt.md'],
      skill: ['.agents/skills/a/SKILL.md'],
    };
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 30 }), fc.boolean(), async (parts, isHead) => {
        const text = `${isHead ? '---\nname: a\n' : ''}${parts.join('')}${isHead ? '\n---\n' : ''}`;
        for (const kind of ['agent', 'command', 'skill'] as const) {
          for (const path of paths[kind]) home.write({ [path]: text });
          expect(await readAll(kind)).toHaveLength(paths[kind].length);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function bomb(): string {
  const lines = Array.from({ length: 30 }, (_, index) =>
    index === 0 ? 'a0: &a0 [x, x, x]' : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
  );
  return `---\nname: a\n${lines.join('\n')}\n---\n`;
}
