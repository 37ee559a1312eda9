import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

interface Sent {
  model: string;
  temperature?: number;
  messages: { role: string; content: unknown }[];
  tools?: { function: { name: string } }[];
}

const reviewer = `---
name: reviewer
description: Reviews code
tools: [read, grep]
temperature: 0.25
model: [nowhere/none, double/double-2]
---
You review code.
`;

describe('profiles', () => {
  const home = new SynapseHome();
  const project = join(home.folder, 'project');
  const trustFile = join(home.folder, '.local/state/synapse/trusted-folders.json');
  let double: ProviderDouble;
  beforeAll(async () => {
    double = await openProviderDouble();
    setUpDouble(home, double);
    mkdirSync(join(project, '.git'), { recursive: true });
    mkdirSync(join(project, 'src'));
    write('project/AGENTS.md', 'Use tabs.');
    write('project/src/AGENTS.md', 'Use spaces. See @more.md.');
    write('project/src/more.md', 'Two of them');
    write('project/.claude/agents/reviewer.md', reviewer);
    write('project/.claude/agents/auditor.md', reviewer.replace('reviewer', 'auditor'));
    write('.config/synapse/agents/reviewer.md', reviewer.replace('review code', 'are mine'));
  });
  beforeEach(() => {
    double.requests.length = 0;
    double.script(chatReply({ text: ['Hi.'] }));
  });
  afterAll(async () => {
    await double.close();
    home.remove();
  });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(home.folder, path)), { recursive: true });
    writeFileSync(join(home.folder, path), text);
  };
  const run = (args: string[], stdin?: string) =>
    home.run(args, { cwd: join(project, 'src'), ...(stdin !== undefined && { stdin }) });
  const sent = (index = 0) => JSON.parse(double.requests[index]?.body ?? '{}') as Sent;
  const system = () => sent().messages.filter(({ role }) => role === 'system');
  const toolNames = (index = 0) => sent(index).tools?.map((tool) => tool.function.name) ?? [];

  describe('in a folder without trust', () => {
    it('sends no instructions, and names them', async () => {
      const { stderr, exitCode } = await run(['Hello']);
      expect({ stderr, exitCode }).toEqual({
        stderr: expect.stringContaining(
          'not used, because this folder is not trusted: src/AGENTS.md, AGENTS.md',
        ),
        exitCode: 0,
      });
      expect(double.requests.map(({ body }) => body).join()).not.toMatch(/Use (tabs|spaces)/);
    });

    it('refuses its agents, and says how to trust it', async () => {
      const { stderr, exitCode } = await run(['--agent', 'auditor', 'Hello']);
      expect(exitCode).toBe(77);
      expect(stderr).toMatch(/comes with a folder that is not trusted.*synapse trust add/s);
      expect(double.requests).toEqual([]);
    });

    it("uses the user's own agent of the same name", async () => {
      const { exitCode } = await run(['--agent', 'reviewer', '-q', 'Hello']);
      expect(exitCode).toBe(0);
      expect(system()).toMatchObject([{ content: 'You are mine.' }]);
      expect(sent()).toMatchObject({ model: 'double-2', temperature: 0.25 });
    });

    it('uses everything with --trust, and remembers nothing', async () => {
      await run(['--trust', 'Hello']);
      expect(system()).toMatchObject([
        {
          content: [
            'Of the following instructions, the earlier ones count more.',
            'Instructions from src/AGENTS.md:\n\nUse spaces. See Two of them.',
            'Instructions from AGENTS.md:\n\nUse tabs.',
          ].join('\n\n'),
        },
      ]);
      double.requests.length = 0;
      await run(['Hello']);
      expect(system()).toEqual([]);
    });
  });

  describe('in a trusted folder', () => {
    beforeAll(async () => {
      expect(await run(['trust', 'add'])).toMatchObject({
        exitCode: 0,
        stdout: `trusted ${project}\n`,
      });
    });

    it('keeps the decision outside of the folder', async () => {
      expect(JSON.parse(readFileSync(trustFile, 'utf8'))).toMatchObject({
        folders: [{ root: project, isTrusted: true }],
      });
      const { stdout } = await run(['trust', 'list', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ items: [{ root: project, isTrusted: true }] });
    });

    it('sends instructions, and stores them with the session', async () => {
      const { stderr } = await run(['-s', 'kept', 'Hello']);
      expect(stderr).not.toContain('not used');
      expect(JSON.stringify(system())).toMatch(/Use spaces.*Use tabs/);
      const { stdout } = await run(['sessions', 'show', 'kept', '--json']);
      const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
      expect(JSON.parse(stdout)).toMatchObject({
        session: {
          metadata: {
            instructions: [
              { name: 'src/AGENTS.md', sha256: hash },
              { name: 'AGENTS.md', sha256: hash },
            ],
          },
        },
      });
    });

    it('continues a session with what it began with', async () => {
      await run(['-s', 'lasting', 'Hello']);
      write('project/AGENTS.md', 'Use nothing.');
      double.requests.length = 0;
      await run(['-s', 'lasting', 'Again']);
      write('project/AGENTS.md', 'Use tabs.');
      expect(JSON.stringify(system())).toMatch(/Use tabs/);
    });

    it('sends none with --no-instructions, or without names in the settings', async () => {
      await run(['--no-instructions', 'Hello']);
      expect(system()).toEqual([]);
      write('project/src/CLAUDE.md', 'Be Claude.');
      setUpDouble(home, double, '[instructions]\nfiles = ["CLAUDE.md"]');
      double.requests.length = 0;
      await run(['Hello']);
      setUpDouble(home, double);
      expect(system()).toMatchObject([
        { content: 'Instructions from src/CLAUDE.md:\n\nBe Claude.' },
      ]);
    });

    it('gives an agent its prompt, its model, its sampling, and only its tools', async () => {
      const { exitCode } = await run(['--agent', 'reviewer', '--no-instructions', 'Hello']);
      expect(exitCode).toBe(0);
      expect(sent()).toMatchObject({ model: 'double-2' });
      expect(system()).toMatchObject([{ content: 'You review code.' }]);
      expect(toolNames()).toEqual(['read', 'grep']);
    });

    it('runs no other tool for an agent, whatever the flags allow, now and when it is continued', async () => {
      const call = chatReply({
        toolCalls: [
          { id: 'c1', name: 'shell', arguments: [JSON.stringify({ command: 'touch made' })] },
        ],
      });
      for (const flags of [['--agent', 'reviewer'], []]) {
        double.requests.length = 0;
        double.script(call, chatReply({ text: ['Done.'] }));
        await run(['-s', 'limited', '--yolo', ...flags, 'Make it']);
        expect(toolNames()).toEqual(['read', 'grep']);
        expect(JSON.stringify(sent(1).messages.at(-1))).not.toContain('[No output.]');
      }
    });

    it('does not change the agent of a session', async () => {
      const { exitCode, stderr } = await run(['-s', 'kept', '--agent', 'reviewer', 'Hello']);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('keeps the agent that it began with'),
      });
    });

    it('begins sessions with an agent in a chat, and leaves its limits with it', async () => {
      await run(
        ['--repl', '--no-instructions'],
        'Hi\n/agent claude:reviewer\nHi\n/new\nHi\n/exit\n',
      );
      expect(double.requests).toHaveLength(3);
      expect(toolNames(0).length).toBeGreaterThan(2);
      expect(toolNames(1)).toEqual(['read', 'grep']);
      expect(sent(1).messages[0]).toMatchObject({ role: 'system', content: 'You review code.' });
      expect(toolNames(2).length).toBeGreaterThan(2);
    });

    it('lists the files of instructions in a chat', async () => {
      const { stdout } = await run(['--repl'], '/instructions\n/exit\n');
      expect(stdout).toMatch(/src\/AGENTS\.md\s+\d+\n.*AGENTS\.md\s+\d+/);
    });

    it('lists agents with what was understood of them', async () => {
      write('project/.claude/agents/broken.md', '---\nname: broken\n');
      const { stdout } = await run(['agents', 'list', '--json']);
      const { items } = JSON.parse(stdout) as { items: { name: string; problem: string | null }[] };
      expect(items).toMatchObject([
        { name: 'auditor' },
        { name: 'broken', problem: expect.stringContaining('has no end'), isTrusted: true },
        { name: 'reviewer', client: 'claude', scope: 'project', shadowedBy: null },
        { name: 'reviewer', client: 'synapse', scope: 'user', shadowedBy: expect.any(String) },
      ]);
    });

    it('forgets the decision', async () => {
      expect(await run(['trust', 'remove'])).toMatchObject({ exitCode: 0 });
      await run(['Hello']);
      expect(system()).toEqual([]);
    });
  });

  describe('commands', () => {
    const lastMessage = () => sent(double.requests.length - 1).messages.at(-1)?.content;
    beforeAll(async () => {
      await run(['trust', 'remove']);
      write('.config/synapse/commands/git/log.md', 'Explain:\n!`echo $((1 + 1)) {{what}}`');
      write(
        '.config/synapse/commands/translate.md',
        '---\ninputs: { language: { type: string }, tone: { type: string, enum: [dry, kind], default: dry } }\nagent: reviewer\n---\nTo {{language}}, {{tone}}: {{stdin}} {{args}}',
      );
      write('project/.claude/commands/fix.md', 'Fix $0 in $1: !`echo ran $0`');
      write('project/src/notes.txt', 'Noted.');
      write('.config/synapse/commands/notes.md', 'Look at @notes.txt and @../../outside.txt');
      write('outside.txt', 'CANARY');
    });

    it('make a prompt of inputs, words and piped input, and bring their agent', async () => {
      const { exitCode } = await run(
        ['--command', 'translate', '--input', 'language=German', '{{tone}}', '@notes.txt'],
        'Hello\n',
      );
      expect(exitCode).toBe(0);
      expect(lastMessage()).toBe('To German, dry: Hello {{tone}} @notes.txt');
      expect(toolNames()).toEqual(['read', 'grep']);
    });

    it.each([
      [[], 'needs the input "language"'],
      [['--input', 'language'], '--input takes name=value'],
      [['--input', 'language=x', '--input', 'tone=loud'], 'one of: dry, kind'],
      [['--input', 'lang=x'], 'has no input "lang"'],
    ])('refuse inputs that do not fit, before anything is sent: %j', async (flags, message) => {
      const { exitCode, stderr } = await run(['--command', 'translate', ...flags]);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining(message),
      });
      expect(double.requests).toEqual([]);
    });

    it('names the command that was meant', async () => {
      const { exitCode, stderr } = await run(['--command', 'translat', 'x']);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('Did you mean "translate"?'),
      });
    });

    it('read no file that the tools may not read', async () => {
      const { exitCode, stderr } = await run(['--command', 'notes']);
      expect({ exitCode, stderr }).not.toEqual({ exitCode: 0, stderr: '' });
      expect(double.requests.map(({ body }) => body).join()).not.toContain('CANARY');
    });

    it('run nothing without approval', async () => {
      write('.config/synapse/commands/run.md', 'See: !`echo ran`');
      const { exitCode, stderr } = await run(['--command', 'run']);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 77,
        stderr: expect.stringContaining('the command line echo ran'),
      });
      expect(double.requests).toEqual([]);
    });

    it('run what a rule allows, with arguments as plain words', async () => {
      await run(['trust', 'add']);
      const { stderr } = await run(['--command', 'fix', '--yolo', '$(id) src']);
      expect(stderr).not.toContain('uid=');
      expect(lastMessage()).toMatch(/^Fix \$\(id\) in src: ran \$\(id\)/);
    });

    it('of a folder run nothing that has changed since it was trusted', async () => {
      write('project/.claude/commands/fix.md', 'Fix it: !`echo other`');
      write('project/.claude/commands/new.md', 'New: !`echo new`');
      for (const name of ['fix', 'new']) {
        const { exitCode, stderr } = await run(['--command', name, '--yolo']);
        expect({ exitCode, stderr }).toMatchObject({
          exitCode: 77,
          stderr: expect.stringContaining('has changed since'),
        });
      }
      expect(double.requests).toEqual([]);
      await run(['trust', 'add']);
      await run(['--command', 'fix', '--yolo']);
      expect(lastMessage()).toMatch(/^Fix it: other/);
    });

    it('are called by their names in a chat, and name no file', async () => {
      await run(['--repl', '--no-instructions'], '/translate language=Latin @notes.txt\n/exit\n');
      expect(lastMessage()).toBe('To Latin, dry:  @notes.txt');
    });
  });

  it('begins nothing in a chat with an agent whose limits are not understood', async () => {
    write('.config/synapse/agents/odd.md', '---\nname: odd\ndeny: ["shell: "]\n---\nYou are odd.');
    const { stderr } = await run(['--repl', '--no-instructions'], '/agent odd\nHello\n/exit\n');
    expect(stderr).toMatch(/rule/);
    expect(system().map(({ content }) => content)).not.toContain('You are odd.');
  });

  it('uses nothing if the list of trusted folders is damaged', async () => {
    writeFileSync(trustFile, '{"folders": [{"root": 1}]}');
    const { exitCode, stderr } = await run(['Hello']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining('trusted-folders.json'),
    });
    expect(double.requests).toEqual([]);
  });
});
