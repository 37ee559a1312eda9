import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openShellScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { openStdin, outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

interface ShownMessage {
  seq: number;
  turn: number;
  variantOf: number | null;
  active: boolean;
  role: string;
  status: string;
  parts: { text?: string }[];
}

describe('a question that is asked again', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const args = ['-r', '--tools', 'none', '-s', 'work'];
  const talk = (...lines: string[]) => home.run(args, { stdin: `${lines.join('\n')}\n` });
  const answers = (...texts: string[]) => texts.map((text) => chatReply({ text: [text] }));
  const broken = { status: 400, steps: [{ send: '{"error":{"message":"No."}}' }] };
  /** An answer that begins and does not end. */
  const endless = () =>
    streamOf([
      {
        send: openAiChatWire({ text: ['Half of', ' it.'] })
          .slice(0, 2)
          .join(''),
      },
      { hang: true },
    ]);
  const show = async (...flags: string[]) => {
    const { stdout } = await home.run(['sessions', 'show', 'work', '--json', ...flags]);
    const { messages } = JSON.parse(stdout) as { messages: ShownMessage[] };
    return messages.map(({ parts, active, status }) => ({
      ...{ text: parts.map(({ text }) => text).join(''), active, status },
    }));
  };
  const texts = async (...flags: string[]) => (await show(...flags)).map(({ text }) => text);
  const sent = (index: number) =>
    (double.requests.at(index)?.json().messages as { content: string }[]).map(
      ({ content }) => content,
    );
  const isSound = async () => {
    const { exitCode, stdout } = await home.run(['db', 'check']);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
  };
  const printed = (child: ChildProcess, text: string) =>
    new Promise<void>((resolve) => {
      let all = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        all += chunk.toString();
        if (all.includes(text)) resolve();
      });
    });

  it('keeps the answer where the provider fails, and says so', async () => {
    double.script(...answers('First.'), broken, ...answers('Next.'));
    const { stderr, stdout } = await talk('hello', '/retry', '/variants', 'go on');
    expect(stderr).toContain('are still part of the conversation; this attempt is kept: /variants');
    expect(stdout).toMatch(/^\*\t1\tdouble-1\tcomplete\t.*First\./m);
    expect(stdout).toMatch(/^\t2\tdouble-1\tfailed\t/m);
    expect(await texts()).toEqual(['hello', 'First.', 'go on', 'Next.']);
    expect(sent(-1)).toEqual(['hello', 'First.', 'go on']);
    expect(await texts('--variants')).toEqual([
      ...['hello', 'First.', 'hello', '', 'go on', 'Next.'],
    ]);
    await isSound();
  });

  it('keeps question and answer where a question in other words fails', async () => {
    double.script(...answers('First.'), broken);
    const { stderr } = await talk('hello', '/edit-last', 'hello there');
    expect(stderr).toContain('are still part of the conversation');
    expect(await texts()).toEqual(['hello', 'First.']);
    expect(await texts('--variants')).toContain('hello there');
  });

  it('keeps the answer where Ctrl-C stops it', async () => {
    double.script(...answers('First.'), endless());
    const screen = openShellScreen({
      columns: 100,
      rows: 40,
      environment: { ...home.environment, PS1: 'sh> ' },
      workingDirectory: home.folder,
    });
    try {
      const sees = (pattern: RegExp) => screen.until((lines) => pattern.test(lines.join('\n')));
      await sees(/^sh>/m);
      const synapse = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
      screen.type(`'${process.execPath}' '${synapse}' ${args.join(' ')} hello\r`);
      await sees(/First\.[^]*double-1 ·/);
      screen.type('/retry\r');
      await sees(/Half of/);
      screen.type('\u0003');
      await sees(/still part of the conversation; this attempt is kept/);
      screen.type('/exit\r');
      await sees(/sh>\s*$/);
    } finally {
      screen.kill('SIGKILL');
      await screen.exited;
    }
    expect(await texts()).toEqual(['hello', 'First.']);
    expect((await show('--variants')).slice(2)).toEqual([
      { text: 'hello', active: false, status: 'complete' },
      { text: 'Half of', active: false, status: 'interrupted' },
    ]);
  });

  it('keeps the earlier answer when the process is killed, and the next process continues', async () => {
    double.script(...answers('First.'), endless(), ...answers('Next.'));
    const child = home.start(args, { stdin: openStdin });
    const ended = outcomeOf(child);
    const shown = printed(child, 'Half of');
    child.stdin?.write('hello\n/retry\n');
    await shown;
    child.kill('SIGKILL');
    await ended;
    await talk('go on');
    expect(sent(-1)).toEqual(['hello', 'First.', 'go on']);
    expect(await texts()).toEqual(['hello', 'First.', 'go on', 'Next.']);
    const attempt = (await show('--variants')).filter(({ active }) => !active);
    expect(attempt[0]).toMatchObject({ text: 'hello' });
    await isSound();
  });

  it('goes back to the earlier answer, goes on from it, and does so in the next process', async () => {
    double.script(...answers('First.', 'Second.', 'Third.', 'Fourth.'));
    const { stderr, stdout } = await talk('hello', '/retry', '/variants', '/variants 1', 'on');
    expect(stderr).toContain('The earlier answer is kept: /variants.');
    expect(sent(1)).toEqual(['hello']);
    expect(stdout).toMatch(/^\*\t2\t.*Second\./m);
    expect(stderr).toContain('variant 1 of 2 is part of the conversation now');
    expect(sent(2)).toEqual(['hello', 'First.', 'on']);
    const { stderr: refused } = await talk('/variants 2', 'further');
    expect(refused).toContain('There is no variant "2"');
    expect(sent(3)).toEqual(['hello', 'First.', 'on', 'Third.', 'further']);
    await isSound();
  });

  it('chooses in a process that asked nothing', async () => {
    double.script(...answers('First.', 'Second.'));
    await talk('hello', '/edit-last', 'hello there');
    expect(await texts()).toEqual(['hello there', 'Second.']);
    await talk('/variants 1');
    expect(await texts()).toEqual(['hello', 'First.']);
  });

  it('has every variant in an export, an import, a copy and a fork', async () => {
    double.script(...answers('First.', 'Second.'));
    await talk('hello', '/retry');
    const all = await show('--variants');
    const markdown = await home.run(['sessions', 'export', 'work', '--format', 'markdown']);
    expect(markdown.stdout).toContain('Second.');
    expect(markdown.stdout).not.toContain('First.');
    const { stdout } = await home.run(['sessions', 'export', 'work']);
    writeFileSync(join(home.folder, 'work.json'), stdout);
    const fork = ['sessions', 'fork', 'work', '--at', '2', '--handle', 'other'];
    expect((await home.run(fork)).exitCode).toBe(0);
    const forked = await home.run(['sessions', 'show', 'other']);
    expect(forked.stdout).toContain('First.');
    expect(forked.stdout).not.toContain('Second.');
    await home.run(['sessions', 'delete', 'work', 'other', '--purge', '--yes']);
    const imported = await home.run(['sessions', 'import', 'work.json']);
    expect(imported).toMatchObject({ exitCode: 0 });
    expect(await show('--variants')).toEqual(all);
    expect((await home.run(['sessions', 'export', 'work'])).stdout).toBe(stdout);
    await talk('/variants 1');
    expect(await texts()).toEqual(['hello', 'First.']);
    await isSound();
  });

  it('is taken back, found only by who asks for it, and brought back', async () => {
    double.script(...answers('First.', 'The swordfish.', 'Third.'));
    await talk('hello', 'a word', '/undo');
    expect(await texts()).toEqual(['hello', 'First.']);
    const search = ['sessions', 'search', 'swordfish'];
    expect((await home.run(search)).stdout).toBe('');
    const found = await home.run([...search, '--variants']);
    expect(found.stdout).toContain('assistant · not in the conversation');
    const { stdout } = await home.run(['sessions', 'show', 'work', '--variants']);
    expect(stdout).toMatch(/^#4 assistant .* · not in the conversation$/m);
    const { stderr } = await talk('last word', '/undo', '/undo', '/redo', '/redo', '/redo');
    expect(stderr).toContain('undone: hello (/redo)');
    expect(stderr).toContain('restored: last word');
    expect(stderr).toContain('there is nothing to redo');
    expect(await texts()).toEqual(['hello', 'First.', 'last word', 'Third.']);
    await home.run(['sessions', 'undo', 'work', '--yes']);
    expect(await texts()).toEqual(['hello', 'First.']);
    await isSound();
    const { stderr: cleared } = await talk('/undo', '/clear --yes');
    expect(cleared).toContain('removed');
    expect(await texts('--variants')).toEqual([]);
  });
});
