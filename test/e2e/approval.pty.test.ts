import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

const count = (lines: readonly string[], text: string) =>
  lines.filter((line) => line.includes(text)).length;

describe('approval on a terminal', () => {
  let home: SynapseHome;
  let screen: PtyScreen | undefined;
  beforeEach(() => {
    home = new SynapseHome();
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true });
    writeFileSync(config(), '# mine\n[tools]\nsandbox = "off"\n');
  });
  afterEach(async () => {
    screen?.kill('SIGKILL');
    await screen?.exited;
    home.remove();
  });

  const config = () => join(home.folder, '.config/synapse/config.toml');
  const made = () => existsSync(join(home.folder, 'made'));
  const touch = 'use the tool shell {"command":"touch made"}';
  const reject = async (opened: PtyScreen) => {
    opened.type('n');
    await opened.until((lines) => lines.some((line) => line.startsWith('No, because:')));
    opened.type('\r');
  };
  const ask = async (typedAhead = '', question = touch, size = { columns: 60, rows: 30 }) => {
    const opened = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['-p', 'demo', question],
      ...size,
      environment: { ...home.environment, PAGER: `cat > '${join(home.folder, 'paged')}'` },
      workingDirectory: home.folder,
    });
    screen = opened;
    opened.type(typedAhead);
    await opened.until((lines) => lines.some((line) => line.includes('Run it?')));
    return opened;
  };

  it('shows what would run, and runs it after a yes', async () => {
    const opened = await ask();
    expect(opened.lines().join('\n')).toContain('touch made');
    expect(made()).toBe(false);
    opened.type('y');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(true);
    expect(readFileSync(config(), 'utf8')).not.toContain('allow');
  });

  it('takes nothing for an answer that was typed before the question stood there', async () => {
    const opened = await ask('y\ry\ry');
    expect(made()).toBe(false);
    await reject(opened);
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(false);
    expect(opened.raw()).toContain('You rejected this call');
  });

  it.each(['maybe', 'yes', 'y\r', '\u001b[200~y\u001b[201~', '\r', ' ', '1'])(
    'decides nothing by %j',
    async (keys) => {
      const opened = await ask();
      opened.type(keys);
      // The keys and the sign of the terminal come in order.
      opened.type('\u0003');
      expect(await opened.exited).toBe(130);
      expect(made()).toBe(false);
      expect(opened.raw()).not.toContain('Run it? yes');
    },
  );

  it('passes the reason of a no on to the model', async () => {
    const opened = await ask();
    opened.type('n');
    await opened.until((lines) => lines.some((line) => line.startsWith('No, because:')));
    opened.type('make it by hand\r');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(false);
    expect(opened.raw()).toContain('You rejected this call: make it by hand');
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    expect(stdout).toContain('The user rejected the call: make it by hand');
  });

  it('keeps what is always allowed in the config file', async () => {
    const opened = await ask();
    opened.type('a');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(true);
    expect(readFileSync(config(), 'utf8')).toBe(
      '# mine\n[tools]\nsandbox = "off"\nallow = [ "shell: touch made" ]\n',
    );
  });

  describe.each([
    { columns: 80, rows: 24 },
    { columns: 40, rows: 10 },
    { columns: 120, rows: 40 },
  ])('of a call that is longer than a screen of $columns × $rows', (size) => {
    const headers = Array.from({ length: 400 }, (_header, index) => `-H "x: ${index}"`);
    const calls = [
      ['shell', { command: `curl ${headers.join(' ')} x | sh`, timeout: 5 }, '  command: curl'],
      ['write', { content: 'a line\n'.repeat(300), path: 'src/made.ts' }, '  path: src/made.ts'],
      [
        'fetch',
        { body: '漢字'.repeat(3000), method: 'POST', url: 'https://example.com/' },
        '  url: https://exam',
      ],
    ] as const;

    it.each(calls)('keeps what it is about on the screen: %s', async (tool, input, subject) => {
      const opened = await ask('', `use the tool ${tool} ${JSON.stringify(input)}`, size);
      const shown = opened.visible();
      expect(shown.filter((line) => line.startsWith(subject))).toHaveLength(1);
      expect(shown.some((line) => line.startsWith('The model wants to use'))).toBe(true);
      expect(shown.at(-1)?.trim()).toBe('Run it?');
      expect(shown.join('\n')).toMatch(/… \d+ more lines, press v to view all|… \+\d+$/m);
      opened.type('v');
      await opened.until((lines) => count(lines, 'Run it?') === 2);
      const paged = readFileSync(join(home.folder, 'paged'), 'utf8').replaceAll(/\s/g, '');
      for (const value of Object.values(input)) {
        const dense = String(value).replaceAll('\n', '⏎').replaceAll(/\s/g, '');
        expect(paged).toContain(dense);
      }
      expect(opened.visible().filter((line) => line.startsWith(subject))).toHaveLength(1);
      await reject(opened);
      expect(await opened.exited).toBe(0);
    });

    it('keeps what it is about on the screen, in a conversation', async () => {
      const opened = openPtyScreen({
        file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
        arguments: ['-r', '--provider', 'demo'],
        ...size,
        environment: home.environment,
        workingDirectory: home.folder,
      });
      screen = opened;
      await opened.until((lines) => lines.some((line) => line.includes('demo')));
      const [tool, input, subject] = calls[0];
      opened.type(`use the tool ${tool} ${JSON.stringify(input)}\r`);
      await opened.until((lines) => lines.some((line) => line.startsWith('Run it?')));
      const shown = opened.visible();
      expect(shown.filter((line) => line.startsWith(subject))).toHaveLength(1);
      expect(shown.some((line) => line.startsWith('The model wants to use'))).toBe(true);
    });
  });

  it.each([40, 80, 120])(
    'shows the change of a file before it is made, on %i columns',
    async (columns) => {
      writeFileSync(join(home.folder, 'add.js'), '// adds\nreturn a - b;\n');
      const input = JSON.stringify({ path: 'add.js', old: 'a - b', new: 'a + b' });
      const opened = await ask('', `use the tool edit ${input}`, { columns, rows: 24 });
      const shown = opened.visible();
      const at = shown.indexOf('  − return a - b;');
      expect(shown.slice(at - 1, at + 2)).toEqual([
        '    // adds',
        '  − return a - b;',
        '  + return a + b;',
      ]);
      expect(shown.some((line) => line.startsWith('  old:'))).toBe(false);
      opened.type('y');
      expect(await opened.exited).toBe(0);
      expect(readFileSync(join(home.folder, 'add.js'), 'utf8')).toBe('// adds\nreturn a + b;\n');
    },
  );

  it('ends with 130 on Ctrl-C', async () => {
    const opened = await ask();
    opened.type('\u0003');
    expect(await opened.exited).toBe(130);
    expect(made()).toBe(false);
  });
});
