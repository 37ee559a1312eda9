import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

describe('approval on a terminal', () => {
  let home: SynapseHome;
  let screen: PtyScreen | undefined;
  beforeEach(() => {
    home = new SynapseHome();
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true });
    writeFileSync(config(), '# mine\n[tools]\nsandbox = "off"\n');
  });
  afterEach(() => {
    screen?.kill();
    home.remove();
  });

  const config = () => join(home.folder, '.config/synapse/config.toml');
  const made = () => existsSync(join(home.folder, 'made'));
  const ask = async (typedAhead = '') => {
    const opened = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['-p', 'demo', 'use the tool shell {"command":"touch made"}'],
      columns: 60,
      rows: 30,
      environment: home.environment,
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
    opened.type('y\r');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(true);
    expect(readFileSync(config(), 'utf8')).not.toContain('allow');
  });

  it('takes nothing for an answer that was typed before the question stood there', async () => {
    const opened = await ask('y\ry\ry');
    expect(made()).toBe(false);
    opened.type('\r');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(false);
    expect(opened.raw()).toContain('The person said no.');
  });

  it('runs nothing after anything else', async () => {
    const opened = await ask();
    opened.type('\r');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(false);
    expect(opened.raw()).toContain('The person said no.');
  });

  it('keeps what is always allowed in the config file', async () => {
    const opened = await ask();
    opened.type('a\r');
    expect(await opened.exited).toBe(0);
    expect(made()).toBe(true);
    expect(readFileSync(config(), 'utf8')).toBe(
      '# mine\n[tools]\nsandbox = "off"\nallow = [ "shell: touch made" ]\n',
    );
  });

  it('ends with 130 on Ctrl-C', async () => {
    const opened = await ask();
    opened.type('\u0003');
    expect(await opened.exited).toBe(130);
    expect(made()).toBe(false);
  });
});
