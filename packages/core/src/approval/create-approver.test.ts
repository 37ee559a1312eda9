import { describe, expect, it } from '@jest/globals';
import { shellTool } from '@synapse/test/fakes/fake-tools';
import type { ParseShell } from '../ports/parse-shell.ts';
import type { Tool } from '../ports/tool-source.ts';
import type { JsonObject } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';
import {
  createApprover,
  type ApprovalAnswer,
  type ApprovalQuestion,
  type Rejection,
} from './create-approver.ts';
import type { ToolMode } from './tool-policy.ts';
import { parseToolRules, type RuleLists } from './tool-rule.ts';

const read: Tool = {
  name: 'read',
  description: '',
  inputSchema: {},
  effect: 'read',
  subject: { argument: 'path', kind: 'path' },
};
const foreign: Tool = { name: 'mcp__x__do', description: '', inputSchema: {}, effect: 'execute' };
const signal = new AbortController().signal;

/** Words between blanks are all that the tests here need of a shell. */
const parseShell: ParseShell = async (line) => ({
  commands: line.split(';').map((one) => ({ words: one.trim().split(/\s+/), isLiteral: true })),
  doubts: line.includes('$') ? ['It uses an expansion.'] : [],
});

function call(name: string, input: JsonObject): ToolCallPart {
  return { type: 'tool-call', id: '1', name, input };
}

const command = (text: string): ToolCallPart => call('shell', { command: text });

function setUp({
  answers,
  mode = 'all',
  ...rules
}: RuleLists & { answers?: (ApprovalAnswer | Rejection)[]; mode?: ToolMode }): ReturnType<
  typeof build
> {
  return build(answers, mode, rules);
}

function build(
  answers: (ApprovalAnswer | Rejection)[] | undefined,
  mode: ToolMode,
  lists: RuleLists,
) {
  const questions: ApprovalQuestion[] = [];
  const remembered: string[] = [];
  const state = { mode, lists };
  const approver = createApprover({
    policy: () => ({
      mode: state.mode,
      rules: parseToolRules(state.lists),
      workingDirectory: '/work',
      parseShell,
    }),
    ask:
      answers === undefined
        ? null
        : async (question) => {
            questions.push(question);
            return answers.shift() ?? 'no';
          },
    remember: async (rules) => {
      remembered.push(...rules);
    },
  });
  return { approver, questions, remembered, state };
}

describe('approver', () => {
  it('runs tools that only read without asking', async () => {
    const { approver, questions } = setUp({ answers: [] });
    expect(await approver.approve(call('read', { path: 'a' }), read, signal)).toEqual({
      allowed: true,
    });
    expect(questions).toEqual([]);
  });

  it('passes the words of a no on, and nothing that was left out', async () => {
    const answers: (ApprovalAnswer | Rejection)[] = [
      'no',
      { answer: 'no', reason: ' ' },
      { answer: 'no', reason: 'use parseFloat' },
    ];
    const { approver } = setUp({ answers });
    const ask = () => approver.approve(command('ls'), shellTool, signal);
    const plain = { allowed: false, reason: 'The user rejected the call.', rejection: '' };
    expect([await ask(), await ask(), await ask()]).toEqual([
      plain,
      plain,
      {
        allowed: false,
        reason: 'The user rejected the call: use parseFloat',
        rejection: 'use parseFloat',
      },
    ]);
  });

  it('shows the change that a tool previews, and asks without one', async () => {
    const { approver, questions } = setUp({ answers: ['once', 'once'] });
    const previews = ['a diff', null];
    const tool = { ...shellTool, previewChange: async () => previews.shift() ?? null };
    await approver.approve(command('a'), tool, signal);
    await approver.approve(command('b'), tool, signal);
    expect(questions.map(({ change }) => change)).toEqual(['a diff', undefined]);
  });

  it('asks before anything else, and shows all of the call', async () => {
    const { approver, questions } = setUp({ answers: ['once'] });
    const wanted = call('shell', { timeout: 5, command: 'git log --oneline' });
    expect(await approver.approve(wanted, shellTool, signal)).toEqual({ allowed: true });
    expect(questions).toEqual([
      {
        tool: 'shell',
        effect: 'execute',
        details: [
          { name: 'command', text: 'git log --oneline' },
          { name: 'timeout', text: '5' },
        ],
        warnings: [],
        reason: 'No rule allows this call of "shell".',
        isInsisted: false,
        rules: ['shell: git log *'],
        askRule: null,
      },
    ]);
  });

  it('asks again after the session ended for "session", but not for "always"', async () => {
    const { approver, questions } = setUp({ answers: ['session', 'always', 'no'] });
    const approve = (text: string) => approver.approve(command(text), shellTool, signal);
    await approve('make test');
    await approve('ls x');
    await approve('make test');
    expect(questions).toHaveLength(2);
    approver.endSession();
    expect(await approve('ls x')).toEqual({ allowed: true });
    expect(await approve('make test')).toMatchObject({ allowed: false });
    expect(questions).toHaveLength(3);
  });

  it('asks again after "once", not after "session"', async () => {
    const { approver, questions, remembered } = setUp({ answers: ['once', 'session'] });
    for (const text of ['git log', 'git log', 'git log -1']) {
      expect((await approver.approve(command(text), shellTool, signal)).allowed).toBe(true);
    }
    expect(questions).toHaveLength(2);
    expect((await approver.approve(command('git push'), shellTool, signal)).allowed).toBe(false);
    expect(remembered).toEqual([]);
  });

  it('asks after "always" if a rule that asks was added', async () => {
    const { approver, questions, state } = setUp({ answers: ['always', 'no'] });
    await approver.approve(command('git log'), shellTool, signal);
    state.lists = { ask: ['shell'] };
    expect(await approver.approve(command('git log'), shellTool, signal)).toMatchObject({
      allowed: false,
    });
    expect(questions).toHaveLength(2);
  });

  it('stores a rule for "always"', async () => {
    const { approver, remembered } = setUp({ answers: ['always'] });
    await approver.approve(command('npm run build; rm a*b'), shellTool, signal);
    expect(remembered).toEqual(['shell: npm run *', "shell: rm 'a*b'"]);
  });

  it('stores no rule for "always" if an ask rule still applies, and names that rule', async () => {
    const { approver, questions, remembered } = setUp({
      answers: ['always', 'always', 'always'],
      ask: ['shell: git push *'],
    });
    for (const text of ['git push origin', 'git push origin', 'ls; git push', 'git log']) {
      expect((await approver.approve(command(text), shellTool, signal)).allowed).toBe(true);
    }
    expect(questions.map(({ askRule }) => askRule)).toEqual([
      'shell: git push *',
      'shell: git push *',
      null,
    ]);
    expect(remembered).toEqual(['shell: git log *']);
  });

  it.each([
    'npm exec eslint .',
    'pnpm dlx x',
    'git config user.name x',
    'git submodule foreach x',
    'go run ./x',
    'uv run x',
  ])('stores a rule for exactly the command of %s', async (text) => {
    const { approver, remembered } = setUp({ answers: ['always'] });
    await approver.approve(command(text), shellTool, signal);
    expect(remembered).toEqual([`shell: ${text}`]);
  });

  it('rejects the call if no user can be asked, and names the rule that would allow it', async () => {
    const { approver } = setUp({});
    expect(await approver.approve(command('git log -3'), shellTool, signal)).toEqual({
      allowed: false,
      reason:
        'The call of "shell" is not permitted. No rule allows this call of "shell". No user can ' +
        'be asked; this rule would allow it: "shell: git log *"',
      missingRules: ['shell: git log *'],
    });
    expect(await approver.approve(command('git log $x'), shellTool, signal)).toMatchObject({
      reason:
        'The call of "shell" is not permitted. It uses an expansion. It needs approval, ' +
        'and no user can be asked.',
      missingRules: [],
    });
  });

  it('does not ask about what a rule denies, whatever was granted', async () => {
    const { approver, questions } = setUp({ answers: ['session'], deny: ['shell: git push *'] });
    await approver.approve(command('git log'), shellTool, signal);
    expect(await approver.approve(command('git log; git push'), shellTool, signal)).toEqual({
      allowed: false,
      reason: 'The call of "shell" is not permitted. The rule "shell: git push *" says deny.',
    });
    expect(questions).toHaveLength(1);
  });

  it('asks one question at a time, and skips questions that an earlier answer settled', async () => {
    const { approver, questions } = setUp({ answers: ['session'] });
    const approvals = await Promise.all(
      ['git log', 'git log -1', 'git log -2'].map((text) =>
        approver.approve(command(text), shellTool, signal),
      ),
    );
    expect(approvals.map(({ allowed }) => allowed)).toEqual([true, true, true]);
    expect(questions).toHaveLength(1);
  });

  it('asks every time while the sandbox is missing, even if a rule allows the call', async () => {
    const { approver, questions } = setUp({ answers: ['always', 'no'], allow: ['shell'] });
    const exposed = { ...shellTool, mustAsk: async () => 'There is no sandbox.' };
    expect((await approver.approve(command('ls'), exposed, signal)).allowed).toBe(true);
    expect((await approver.approve(command('ls'), exposed, signal)).allowed).toBe(false);
    expect(questions).toMatchObject(
      [1, 2].map(() => ({
        reason: 'There is no sandbox.',
        isInsisted: true,
        rules: [],
        askRule: null,
      })),
    );
  });

  it.each<[ToolMode, boolean, boolean]>([
    ['none', false, false],
    ['read', true, false],
    ['plan', true, false],
    ['all', true, true],
  ])('in mode %s reads: %s, runs what is allowed: %s', async (mode, reads, runs) => {
    const { approver } = setUp({ mode, allow: ['shell'] });
    const approvals = [
      await approver.approve(call('read', { path: 'a' }), read, signal),
      await approver.approve(command('ls'), shellTool, signal),
    ];
    expect(approvals.map(({ allowed }) => allowed)).toEqual([reads, runs]);
  });

  it('never runs a call whose arguments are not JSON', async () => {
    const { approver } = setUp({ allow: ['shell'] });
    const broken = { ...command('ls'), invalidInput: '{"comm' };
    expect((await approver.approve(broken, shellTool, signal)).allowed).toBe(false);
  });

  it('suggests a rule for the whole tool if it does not know the arguments', async () => {
    const { approver, questions } = setUp({ answers: ['session'], deny: ['mcp__x__*: *secret*'] });
    expect(
      (await approver.approve(call('mcp__x__do', { a: ['top secret'] }), foreign, signal)).allowed,
    ).toBe(false);
    expect((await approver.approve(call('mcp__x__do', { a: 1 }), foreign, signal)).allowed).toBe(
      true,
    );
    expect(questions[0]?.rules).toEqual(['mcp__x__do']);
  });

  it('rejects with the reason when it is aborted while it waits', async () => {
    const { approver } = setUp({ answers: ['once'] });
    await expect(
      approver.approve(command('ls'), shellTool, AbortSignal.abort(new Error('enough'))),
    ).rejects.toThrow('enough');
  });
});
