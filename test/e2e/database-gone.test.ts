import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const theAnswer = chatReply({ text: ['the answer'] });

describe('Where the database', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  const database = () => join(home.folder, '.config/synapse/sessions.db');
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(theAnswer);
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  /** An answer during which `meanwhile` is done. */
  const answerDuring = (meanwhile: () => void) =>
    double.script(() => {
      meanwhile();
      return theAnswer;
    });

  const ways: [string, () => void][] = [
    ['is removed', () => rmSync(database())],
    ['is moved', () => renameSync(database(), join(home.folder, 'moved.db'))],
    [
      'is replaced',
      () => {
        writeFileSync(`${database()}.new`, '');
        renameSync(`${database()}.new`, database());
      },
    ],
    ['loses its folder', () => rmSync(dirname(database()), { recursive: true })],
    [
      'is in a folder that is moved',
      () => renameSync(dirname(database()), join(home.folder, 'moved')),
    ],
  ];

  it.each(ways)(
    '%s while a question is answered, the answer is shown and the end is 74',
    async (_, away) => {
      answerDuring(away);
      const { stdout, stderr, exitCode } = await home.run(['the question']);
      expect({ stdout, exitCode }).toEqual({ stdout: 'the answer\n', exitCode: 74 });
      expect(stderr).toContain('THIS ANSWER IS NOT SAVED');
    },
  );

  it.each([
    ['result', ['--json']],
    ['ndjson-event', ['-o', 'ndjson']],
  ])('is removed meanwhile, programs read it in the result as well: %s', async (name, flags) => {
    answerDuring(() => rmSync(database()));
    const { stdout, exitCode } = await home.run([...flags, 'the question']);
    const last = stdout.trim().split('\n').at(-1)!;
    expect(readOutput(name, last)).toMatchObject({ type: 'result', saved: false });
    expect(exitCode).toBe(74);
  });

  it('is removed during an answer, a conversation over a pipe asks nothing more and ends with 74', async () => {
    answerDuring(() => rmSync(database()));
    const { stdout, stderr, exitCode } = await home.run(['--repl'], { stdin: 'first\nsecond\n' });
    expect(stdout).toContain('the answer');
    expect(stderr).toContain('THIS ANSWER IS NOT SAVED');
    expect(stderr.match(/was moved or removed while it was in use/g)?.length).toBeGreaterThan(1);
    expect(exitCode).toBe(74);
    expect(double.requests).toHaveLength(1);
  });

  it('is removed during the last answer, a conversation over a pipe ends with 74', async () => {
    answerDuring(() => rmSync(database()));
    const { stdout, exitCode } = await home.run(['--repl'], { stdin: 'first\n' });
    expect({ stdout, exitCode }).toEqual({ stdout: 'the answer\n', exitCode: 74 });
  });

  it('has two names, it is refused under both', async () => {
    await home.run(['first']);
    const second = join(home.folder, 'second.db');
    linkSync(database(), second);
    for (const path of [database(), second]) {
      const { stderr, exitCode } = await home.run(['sessions', 'list', '--database', path]);
      expect(stderr).toContain('has 2 names (hard links)');
      expect(exitCode).toBe(74);
    }
  });

  it('is wanted in a folder that is not there, the folder is named and not made', async () => {
    const path = join(home.folder, 'misspelt/synapse.db');
    for (const args of [
      ['db', 'migrate', '--database', path],
      ['db', 'backup', path],
    ]) {
      const { stderr, exitCode } = await home.run(args);
      expect(stderr).toContain(`the folder ${dirname(path)} does not exist`);
      expect(exitCode).toBe(73);
    }
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is no database any more, a backup takes its place', async () => {
    await home.run(['first']);
    await home.run(['db', 'backup', 'kept.db']);
    writeFileSync(database(), 'no database '.repeat(1000));
    const planned = await home.run(['db', 'restore', 'kept.db', '--dry-run', '--json']);
    expect(readOutput('db-restore', planned.stdout)).toMatchObject({ sessionCount: null });
    const { stderr, exitCode } = await home.run(['db', 'restore', 'kept.db', '--yes']);
    expect(stderr).toContain('the earlier database is now');
    expect(exitCode).toBe(0);
    expect((await home.run(['-c', 'more'])).exitCode).toBe(0);
  });

  it('was backed up by a process that was killed, the next backup removes what it left', async () => {
    await home.run(['first']);
    mkdirSync(join(home.folder, 'backups'));
    const preload = join(process.cwd(), 'test/support/kill-at-step.cjs');
    const [log, target] = [join(home.folder, 'log'), join(home.folder, 'backups/kept.db')];
    const { signal } = await home.run(['db', 'backup', target], {
      environment: {
        NODE_OPTIONS: `--require "${preload}"`,
        ...{ KILL_AT_STEP: '2', KILL_FILE: 'kept.db', KILL_LOG: log },
      },
    });
    expect(signal).toBe('SIGKILL');
    const left = () =>
      readdirSync(join(home.folder, 'backups')).filter((name) => name.includes('.partial-'));
    expect(left()).toHaveLength(1);
    expect((await home.run(['db', 'backup', target])).exitCode).toBe(0);
    expect(left()).toEqual([]);
  });
});
