import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rankProfiles, type Profile, type ProfileKind } from '@synapse/core/profiles';
import { createProfileHome, type ProfileHome } from '@synapse/test/support/profile-home';
import { openProfileSource } from './profile-source.ts';

let home: ProfileHome;
beforeEach(() => {
  home = createProfileHome();
});
afterEach(() => home.remove());

async function readOnly(kind: ProfileKind, path: string, text: string): Promise<Profile> {
  home.write({ [path]: text });
  const source = openProfileSource(home);
  const entries = await source.list(kind);
  expect(entries).toHaveLength(1);
  return source.read(entries[0]!);
}

describe('agents of other programs', () => {
  const limits = { tools: null, deny: [], ask: [], maxTurns: null, temperature: null };

  it.each<[string, string, string, object]>([
    [
      'Synapse',
      '.synapse/agents/reviewer.md',
      'name: reviewer\ndescription: Reviews code\nmodel: [openai/gpt-6, fast]\ntools: [read, grep]\ndisallowed-tools: [fetch]\ndeny: ["shell: git push *"]\nmax_turns: 5\ntemperature: 0.2\nmaxOutputTokens: 900\neffort: high\nskills: [style]',
      {
        ...{ name: 'reviewer', models: ['openai/gpt-6', 'fast'], tools: ['read', 'grep'] },
        ...{ deny: ['fetch', 'shell: git push *'], maxTurns: 5, temperature: 0.2, effort: 'high' },
        ...{ maxOutputTokens: 900, skills: ['style'], prompt: 'Review it.' },
      },
    ],
    [
      'Claude Code',
      '.claude/agents/team/reviewer.md',
      'name: code-reviewer\ndescription: Use it proactively: "after changes".\ntools: Read, Grep, Bash(git log:*), Task\ndisallowedTools: Bash(rm:*), WebFetch\nmodel: inherit\npermissionMode: bypassPermissions\nmaxTurns: 3\ncolor: red',
      {
        ...{ name: 'code-reviewer', description: 'Use it proactively: "after changes".' },
        ...{ models: [], tools: ['read', 'grep', 'shell'], deny: ['shell: rm *', 'fetch'] },
        ...{ maxTurns: 3, unknownFields: {} },
        warnings: [
          expect.stringMatching(/^Line 3 is not valid YAML/),
          'These tools do not exist here, and are left out: Task.',
        ],
      },
    ],
    [
      'opencode',
      '.opencode/agent/review.md',
      'description: Reviews\nmode: subagent\nmodel: anthropic/claude-sonnet\ntemperature: 0.1\ntools:\n  write: false\n  bash: true\npermission:\n  edit: deny\n  webfetch: ask\n  bash:\n    "*": allow\n    "git push *": deny\nreasoningEffort: high\nbudget: 9',
      {
        ...{ name: 'review', models: ['anthropic/claude-sonnet'], temperature: 0.1, tools: null },
        ...{ deny: ['edit', 'write', 'edit', 'write', 'shell: git push *'], ask: ['fetch'] },
        ...{ effort: 'high', unknownFields: { budget: 9 }, warnings: [] },
      },
    ],
    [
      'Copilot',
      '.github/agents/planner.agent.md',
      "name: Implementation Planner\ndescription: Plans\nmodel: ['Claude Sonnet 4 (copilot)', 'GPT-5 (copilot)']\ntools: ['search/codebase', 'fetch', 'github/*', 'runSubagent']\nhandoffs:\n  - label: Go\n    agent: builder",
      {
        ...{ name: 'Implementation Planner', models: ['Claude Sonnet 4', 'GPT-5'] },
        tools: ['grep', 'glob', 'list', 'fetch', 'mcp__github__*'],
      },
    ],
    [
      'Gemini CLI',
      '.gemini/agents/auditor.md',
      'name: auditor\ndescription: Audits\nkind: local\ntools:\n  - read_file\n  - mcp_*\nmax_turns: 10\ntimeout_mins: 5',
      { name: 'auditor', tools: ['read', 'mcp__*'], maxTurns: 10, warnings: [] },
    ],
  ])('are read as they mean it: %s', async (_, path, head, expected) => {
    const profile = await readOnly('agent', path, `---\n${head}\n---\n\nReview it.\n`);
    expect(profile).toMatchObject({ ...limits, prompt: 'Review it.', ...expected });
  });

  it('are read from the TOML of Codex', async () => {
    const text =
      'name = "auditor"\ndescription = "Audits"\nmodel = "gpt-6"\nmodel_reasoning_effort = "low"\nsandbox_mode = "read-only"\ndeveloper_instructions = """\nAudit it.\n"""\n[mcp_servers.x]\ncommand = "x"';
    expect(await readOnly('agent', '.codex/agents/auditor.toml', text)).toMatchObject({
      ...{ name: 'auditor', models: ['gpt-6'], effort: 'low', prompt: 'Audit it.' },
      ...{ tools: ['read', 'list', 'glob', 'grep'] },
      unknownFields: { mcp_servers: { x: { command: 'x' } } },
    });
  });

  it('get no tools for an empty list, and none for names that mean nothing', async () => {
    const head = (tools: string) => `---\nname: a\ndescription: b\ntools: ${tools}\n---\n`;
    expect(await readOnly('agent', '.claude/agents/a.md', head('[]'))).toMatchObject({ tools: [] });
    const unknown = head('[Teleport]');
    expect(await readOnly('agent', '.claude/agents/a.md', unknown)).toMatchObject({ tools: [] });
  });
});

describe('commands of other programs', () => {
  it.each<[string, string, string, object]>([
    [
      'Synapse',
      '.synapse/commands/git/commit.md',
      '---\ndescription: Commits\ninputs:\n  language: { type: string, description: the language, default: English, enum: [English, German] }\n  count: { type: integer }\nagent: reviewer\n---\nWrite in {{language}}.',
      {
        ...{ name: 'git:commit', style: 'named', agent: 'reviewer' },
        inputs: [
          {
            ...{ name: 'language', type: 'string', description: 'the language' },
            ...{ default: 'English', choices: ['English', 'German'] },
          },
          { name: 'count', type: 'integer', description: null, default: null, choices: null },
        ],
      },
    ],
    [
      'Claude Code',
      '.claude/commands/fix.md',
      '---\nallowed-tools: Bash(git add:*), Bash(*)\nargument-hint: [issue] [branch]\nmodel: opus\n---\nFix $0.',
      {
        ...{ name: 'fix', style: 'from-zero', argumentHint: '[issue] [branch]', models: ['opus'] },
        unknownFields: {},
      },
    ],
    [
      'Claude Code, bare',
      '.claude/commands/fix.md',
      'Fix it.',
      { body: 'Fix it.', description: null },
    ],
    [
      'opencode',
      '.opencode/commands/test.md',
      '---\ndescription: Tests\nagent: build\nsubtask: true\n---\nRun $1',
      { name: 'test', style: 'from-one', agent: 'build' },
    ],
    [
      'Codex',
      '~/.codex/prompts/draft.md',
      '---\nargument-hint: TITLE=<text>\n---\nDraft $TITLE',
      { name: 'draft', style: 'codex', argumentHint: 'TITLE=<text>' },
    ],
    [
      'Copilot',
      '.github/prompts/form.prompt.md',
      '---\nagent: agent\ntools: [githubRepo]\n---\nMake ${input:what:a form or a list} of ${input:what}',
      {
        ...{ name: 'form', style: 'placeholders', agent: null },
        inputs: [
          {
            ...{ name: 'what', type: 'string', description: 'a form or a list' },
            ...{ default: null, choices: null },
          },
        ],
      },
    ],
    [
      'Gemini CLI',
      '.gemini/commands/git/fix.toml',
      'description = "Fixes"\nprompt = """\nFix {{args}}: !{git diff}\n"""',
      { name: 'git:fix', style: 'braces', body: 'Fix {{args}}: !{git diff}' },
    ],
  ])('are read as they mean it: %s', async (_, path, text, expected) => {
    expect(await readOnly('command', path, text)).toMatchObject(expected);
  });
});

describe('skills', () => {
  it('are read by the standard, with their files', async () => {
    home.write({ '.agents/skills/pdf/scripts/fill.py': '', '.agents/skills/pdf/FORMS.md': '' });
    const text =
      '---\nname: pdf\ndescription: Fills forms: also old ones\nlicense: MIT\nmetadata: { version: "1" }\nallowed-tools: Bash(*) Read\n---\nUse it.';
    expect(await readOnly('skill', '.agents/skills/pdf/SKILL.md', text)).toMatchObject({
      ...{ name: 'pdf', description: 'Fills forms: also old ones', body: 'Use it.' },
      ...{ files: ['FORMS.md', 'scripts/fill.py'], unknownFields: {} },
    });
  });

  it('are read leniently, with what the standard would not accept', async () => {
    const text = '---\nname: My_Skill\ndescription: x\n---\n';
    expect((await readOnly('skill', '.claude/skills/mine/SKILL.md', text)).warnings).toEqual([
      'By the standard, "My_Skill" is not a name: 1 to 64 of a-z, 0-9 and -.',
      'By the standard, the folder "mine" and the name "My_Skill" are the same.',
    ]);
  });

  it('are found once for all programs, the shared folder first', async () => {
    const text = '---\nname: a\ndescription: x\n---\n';
    const folders = ['.gemini', '.codex', '.github', '.opencode', '.claude', '.agents', '.synapse'];
    for (const folder of folders) home.write({ [`${folder}/skills/a/SKILL.md`]: text });
    const ranked = rankProfiles(await openProfileSource(home).list('skill'));
    expect(ranked.map(({ origin }) => origin.client)).toEqual([
      ...['synapse', 'agents', 'claude', 'opencode', 'copilot', 'codex', 'gemini'],
    ]);
    expect(ranked.filter(({ shadowedBy }) => shadowedBy === null)).toHaveLength(1);
  });
});
