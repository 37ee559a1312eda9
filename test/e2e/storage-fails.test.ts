import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { mayMount, withSmallDisk } from '@synapse/test/support/small-disk';

const LONG = 'long answer '.repeat(50_000);

describe('if nothing can be stored', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  const inHome = (name: string) => join(home.folder, name);
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(chatReply({ text: ['the answer'] }));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const blocked = () => mkdirSync(inHome('.config/synapse/sessions.db'));
  const faults: [string, () => string[], number, string][] = [
    [
      'a folder has the place of the database',
      () => (blocked(), []),
      73,
      'it is not a regular file',
    ],
    [
      'the database is damaged',
      () => (writeFileSync(inHome('.config/synapse/sessions.db'), 'text '.repeat(999)), []),
      74,
      'is damaged, or is not a database',
    ],
    ['the folder is misspelt', () => ['--database', inHome('typo/a.db')], 73, 'does not exist'],
    ['PostgreSQL is down', () => ['--database', 'postgres://me@127.0.0.1:1/x'], 74, '127.0.0.1'],
  ];

  it.each(faults)(
    'because %s, a question is answered and the end says so',
    async (_, given, code, says) => {
      const args = given();
      const { stdout, stderr, exitCode } = await home.run([...args, 'the question', '--quiet']);
      expect({ stdout, exitCode }).toEqual({ stdout: 'the answer\n', exitCode: code });
      expect(stderr).toContain('NOTHING IS SAVED: ');
      expect(stderr).toContain(says);
    },
  );

  it.each([
    ['result', ['--json']],
    ['ndjson-event', ['-o', 'ndjson']],
  ])('programs read it in the result: %s', async (name, flags) => {
    blocked();
    const { stdout, exitCode } = await home.run([...flags, 'the question']);
    const lines = stdout.trim().split('\n');
    expect(readOutput(name, lines.at(-1)!)).toMatchObject({ type: 'result', saved: false });
    expect(exitCode).toBe(73);
  });

  it.each([['-s', 'plan'], ['-c']])(
    'a session that is stored there is not resumed: %s',
    async (...args) => {
      blocked();
      const { stdout, exitCode } = await home.run([...args, 'the question']);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 73 });
      expect(double.requests).toHaveLength(0);
    },
  );

  it('a conversation over a pipe ends before anything is asked', async () => {
    blocked();
    const { exitCode } = await home.run(['--repl'], { stdin: 'the question\n' });
    expect(exitCode).toBe(73);
    expect(double.requests).toHaveLength(0);
  });

  it.each([
    ['y', 0],
    ['n', 73],
  ])('a person on a terminal is asked whether to talk all the same: %s', async (answer, code) => {
    blocked();
    const screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['--plain'],
      columns: 100,
      rows: 24,
      environment: home.environment,
    });
    const shows = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
    await shows('without storing anything? [y/N]');
    screen.type(`${answer}\r`);
    if (code === 0) {
      await shows('/help lists');
      screen.type('the question\r');
      await shows('the answer');
      screen.type('/exit\r');
    }
    expect(await screen.exited).toBe(code);
    expect(double.requests).toHaveLength(code === 0 ? 1 : 0);
  });

  const run = mayMount() ? it : it.skip;
  const fill = (place: string, leftKiB: number) => {
    const { bavail, bsize } = statfsSync(place);
    writeFileSync(join(place, 'ballast'), Buffer.alloc(bavail * bsize - (leftKiB << 10)));
  };

  run(
    'because the disk is full, a question is answered and the end is 74 (needs to mount)',
    async () => {
      await withSmallDisk(8 << 10, async (place) => {
        const database = ['--database', join(place, 'a.db')];
        await home.run([...database, 'first']);
        fill(place, 0);
        const { stdout, stderr, exitCode } = await home.run([...database, 'the question']);
        expect({ stdout, exitCode }).toEqual({ stdout: 'the answer\n', exitCode: 74 });
        expect(stderr).toContain('NOTHING IS SAVED: There is no space left');
      });
    },
  );

  run('because the disk is full when the answer ends, the end is 74 (needs to mount)', async () => {
    await withSmallDisk(8 << 10, async (place) => {
      const database = ['--database', join(place, 'a.db')];
      await home.run([...database, 'first']);
      fill(place, 200);
      double.script(chatReply({ text: [LONG] }));
      const { stdout, stderr, exitCode } = await home.run([...database, 'q', '--json']);
      expect(readOutput('result', stdout)).toMatchObject({ saved: false, text: LONG });
      expect({ stderr, exitCode }).toMatchObject({ exitCode: 74 });
    });
  });
});
