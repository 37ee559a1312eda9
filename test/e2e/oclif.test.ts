import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { toHelpFacts } from '@synapse/test/support/help-facts';

interface Option {
  type: 'boolean' | 'option';
  options?: string[];
}
interface ManifestCommand {
  flags: Record<string, Option>;
  args: Record<string, { required?: boolean }>;
  usage?: string;
}
interface Outcome {
  stdout: string;
  stderr: string;
  exitCode: number;
}

const root = join(process.cwd(), 'packages/cli');
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8')) as unknown;
const manifest = read('oclif.manifest.json') as { commands: Record<string, ManifestCommand> };
const commands = Object.entries(manifest.commands).map(
  ([id, command]) => [id.replaceAll(':', ' '), command] as const,
);

/** Lines that a command has to refuse, whatever it does. */
function wrongLines([id, { flags, args }]: (typeof commands)[number]): string[][] {
  const words = id.split(' ');
  const required = Object.values(args).filter((argument) => argument.required);
  return [
    [...words, '--no-such-flag'],
    [...words, '--database'],
    ...(required.length > 0 ? [words] : []),
    ...Object.entries(flags)
      .filter(([, { options }]) => options)
      .map(([name]) => [...words, `--${name}`, 'no-such-choice']),
  ];
}

describe('oclif’s own runner', () => {
  const home = new SynapseHome();
  afterAll(() => home.remove());
  const node = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, args, {
      ...{ cwd: process.cwd(), input, encoding: 'utf8', maxBuffer: 64 << 20 },
      env: { ...home.environment, OCLIF_COLUMNS: '1000' },
    });
  let outcomes: { argv: string[]; byOclif: Outcome; own: Outcome }[];
  let built: unknown;
  beforeAll(() => {
    const helpLines = commands.map(([id]) => [...id.split(' '), '--help']);
    const lines = [...helpLines, ...commands.flatMap(wrongLines)];
    const runner = node(['test/support/oclif-runner.mjs', root], JSON.stringify(lines));
    if (runner.stdout === '') throw new Error(runner.stderr);
    ({ outcomes, manifest: built } = JSON.parse(runner.stdout) as {
      outcomes: typeof outcomes;
      manifest: unknown;
    });
  });

  it('makes the manifest that is published of the built command', () => {
    expect(built).toEqual(manifest);
  });

  it('knows the topics and what they are for', async () => {
    const { topics } = (await import(join(root, 'src/command-table.ts'))) as {
      topics: Record<string, { summary: string }>;
    };
    const { oclif } = read('package.json') as { oclif: { topics: object } };
    const summaries = Object.entries(topics).map(([name, { summary }]) => [
      name,
      { description: summary },
    ]);
    expect(oclif.topics).toEqual(Object.fromEntries(summaries));
  });

  // `synapse help --help` is the front page.
  it.each(commands.filter(([id]) => id !== 'help'))(
    'shows the help of `%s` with the same facts',
    (id, { usage }) => {
      const { byOclif, own } = outcomes.find(({ argv }) => argv.join(' ') === `${id} --help`)!;
      expect(toHelpFacts(byOclif.stdout)).toEqual(toHelpFacts(own.stdout));
      expect(toHelpFacts(own.stdout).flags.length).toBeGreaterThan(2);
      if (usage === undefined) return;
      for (const text of [byOclif.stdout, own.stdout]) expect(text).toContain(` ${usage}\n`);
    },
  );

  it.each(commands)('refuses what `%s` refuses, in the same words', (id, command) => {
    const wrong = wrongLines([id, command]).map((argv) => argv.join(' '));
    const found = outcomes.filter(({ argv }) => wrong.includes(argv.join(' ')));
    expect(found).toHaveLength(wrong.length);
    for (const { byOclif, own } of found) expect(byOclif).toEqual(own);
    // `help` takes any words.
    if (id === 'help') return;
    for (const { own } of found) expect(own).toMatchObject({ stdout: '', exitCode: 2 });
  });

  it('ends with the exit code of the failure, and says what to do', () => {
    const script = `require('@oclif/core').execute({ args: ['sessions', 'show'], dir: ${JSON.stringify(root)} })`;
    const ended = node(['-e', script]);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('"synapse sessions show" needs <session>');
    expect(ended.stderr).toContain('Try this: synapse sessions show --help');
  });
});
