import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

describe('what a person sees of the work', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(
      home,
      double,
      [
        '[models."double/double-1"]',
        'context = 20000',
        '[tools]',
        'sandbox = "off"',
        'allow = ["shell"]',
      ].join('\n'),
    );
  });
  afterEach(async () => {
    screen.kill('SIGKILL');
    await screen.exited;
    await double.close();
    home.remove();
  });

  const start = (columns: number, args: string[], environment: Record<string, string> = {}) => {
    screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: args,
      ...{ columns, rows: 30 },
      environment: {
        ...home.environment,
        PAGER: `cat > '${join(home.folder, 'paged')}'`,
        ...environment,
      },
      workingDirectory: home.folder,
    });
  };
  const sees = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
  const call = (command: string) =>
    chatReply({
      toolCalls: [{ id: 'c1', name: 'shell', arguments: [JSON.stringify({ command })] }],
    });
  const outputRows = () => screen.lines().filter((line) => line.startsWith('  │'));

  it.each([40, 80, 120])(
    'is the end of what a failed command printed, and all of it on demand, on %i columns',
    async (columns) => {
      double.script(call('seq 50; exit 3'), chatReply({ text: ['It failed.'] }));
      start(columns, ['-r', 'count']);
      await sees('It failed.');
      const shown = screen.lines().join(' ').replaceAll(/\s+/g, ' ');
      expect(shown).toMatch(/✗ shell seq 50; exit 3 exit code 3 ·/);
      expect(outputRows().slice(-12)).toEqual(
        Array.from({ length: 12 }, (_row, index) => `  │ ${index + 39}`),
      );
      expect(outputRows()[0]).toContain('… 38 lines before:');
      expect(Math.max(...screen.lines().map((line) => line.length))).toBeLessThanOrEqual(columns);
      await screen.until((lines) => lines.at(-2) === '>');
      screen.type('/output\r');
      await screen.until((lines) => lines.includes('> /output') && lines.at(-2) === '>');
      screen.type('\u0004');
      expect(await screen.exited).toBe(0);
      const paged = readFileSync(join(home.folder, 'paged'), 'utf8');
      expect(paged).toContain('\n1\n2\n3\n');
    },
  );

  it.each([
    ['TERM=dumb', ['-r', 'count'], { TERM: 'dumb' }],
    ['--plain', ['-r', '--plain', 'count'], {}],
  ])('is written once, without control sequences that move, with %s', async (_how, args, more) => {
    double.script(call('seq 5; exit 3'), chatReply({ text: ['It failed.'] }));
    start(80, args, { NO_COLOR: '1', ...more });
    await sees('It failed.');
    expect(outputRows()).toEqual(['  │ 1', '  │ 2', '  │ 3', '  │ 4', '  │ 5']);
    expect(screen.raw()).not.toMatch(/\u001b\[[\d;?]*[A-HJKf]/);
  });

  it('is a line a call in a one-shot, and the output with --verbose', async () => {
    for (const flags of [[], ['--verbose']]) {
      double.script(call('seq 5'), chatReply({ text: ['It counted.'] }));
      const { stderr } = await home.run([...flags, 'count']);
      expect(stderr).toMatch(/^✓ shell seq 5 /m);
      expect(stderr.includes('  │ 5')).toBe(flags.length > 0);
    }
  });

  it('is the change that an edit made, with the lines around it', async () => {
    writeFileSync(join(home.folder, 'add.js'), '// adds\nreturn a - b;\n');
    const input = { path: 'add.js', old: 'a - b', new: 'a + b' };
    double.script(
      chatReply({ toolCalls: [{ id: 'c1', name: 'edit', arguments: [JSON.stringify(input)] }] }),
      chatReply({ text: ['It adds.'] }),
    );
    start(80, ['-r', '--allow', 'edit', 'mend it']);
    await sees('It adds.');
    const lines = screen.lines();
    const at = lines.findIndex((line) => line.startsWith('✓ edit add.js +1 −1 · '));
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '  1   // adds',
      '  2 − return a - b;',
      '  2 + return a + b;',
    ]);
  });

  it('has no word of reasoning cut', async () => {
    const words = 'reasoning about something considerable'.split(' ');
    const text = Array.from({ length: 60 }, (_word, index) => words[index % 4]).join(' ');
    double.script(chatReply({ reasoning: [text], text: ['Done.'] }));
    start(40, ['-r', 'think']);
    await sees('Done.');
    const seen = screen
      .lines()
      .flatMap((line) => line.split(/\s+/))
      .filter((word) => words.includes(word));
    expect(seen).toHaveLength(60);
  });

  it('is what is done, for how long, how full the context is and how to stop it', async () => {
    const [first = '', ...rest] = openAiChatWire({
      toolCalls: [{ id: 'c1', name: 'shell', arguments: ['{"command":"true"}'] }],
      usage: { inputTokens: 4000, outputTokens: 50 },
    });
    double.script(streamOf([{ send: first + rest.join('') }]), streamOf([{ hang: true }]));
    start(80, ['-r', 'work']);
    await screen.until((lines) =>
      /^. waiting … · \d+ s · ctx \d+% · Esc stops$/.test(lines.at(-1) ?? ''),
    );
  });
});
