import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { jsonReply } from '@synapse/test/support/replies';
import { SynapseHome, type RunOptions } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

interface Place {
  home: SynapseHome;
  double: ProviderDouble;
  write: (name: string, content: string | Uint8Array) => string;
}

interface Case {
  when: string;
  args: string[];
  /** What has to be so before the run. */
  given?: (place: Place) => unknown;
  options?: (place: Place) => RunOptions;
  /** What a person reads of it. */
  says: string;
}

const database = ({ home }: Place) => join(home.folder, '.config/synapse/sessions.db');
const saidSomething = ({ home }: Place) => home.run(['hello']);
const refuses =
  (status: number, message: string, headers = {}) =>
  ({ double }: Place) =>
    double.script(jsonReply(status, { error: { message, code: message } }, headers));
const settings =
  (text: string) =>
  ({ home, double }: Place) =>
    setUpDouble(home, double, text);
/** The program itself goes wrong. */
const bug =
  (script: string) =>
  ({ write }: Place): RunOptions => ({
    environment: { NODE_OPTIONS: `--require "${write('bug.cjs', script)}"` },
  });
/** Once: the log asks for the name of the machine, too. */
const inItsWay = `
  const os = require('node:os');
  const { hostname } = os;
  os.hostname = () => { os.hostname = hostname; throw new TypeError('unheard of'); };`;
/** While an answer is waited for. */
const besides = `
  const http = require('node:http');
  const { request } = http;
  http.request = (...args) => {
    setTimeout(() => { throw new TypeError('unheard of'); });
    return request(...args);
  };`;
const hangs = ({ double }: Place) => double.script({ steps: [{ hang: true }] });

/** Every code of `synapse help exit-codes` and what brings it about; of signals one-shot-streams tells. */
const table: Record<number, Case[]> = {
  1: [
    { when: 'Synapse has a bug', args: ['hello'], options: bug(inItsWay), says: 'synapse.log' },
    {
      when: 'Synapse has a bug in what nobody waits for',
      args: ['hello'],
      given: hangs,
      options: bug(besides),
      says: 'synapse.log',
    },
  ],
  2: [
    { when: 'there is no prompt', args: [''], says: 'The prompt is missing' },
    { when: 'a flag is unknown', args: ['--nope', 'x'], says: 'There is no flag --nope' },
    { when: 'a verb is unknown', args: ['sessions', 'lits'], says: 'Did you mean' },
    {
      when: 'nobody can confirm',
      args: ['sessions', 'delete', 'last'],
      given: saidSomething,
      says: 'synapse sessions delete --yes last',
    },
  ],
  65: [
    {
      when: 'an import file is damaged',
      args: ['sessions', 'import', 'damaged.json'],
      given: ({ write }) => write('damaged.json', '{"v":1,"sessions":[{]}'),
      says: 'Line 1: sessions[0]',
    },
    {
      when: 'an attachment is no text, image or PDF',
      args: ['-f', 'program', 'hello'],
      given: ({ write }) => write('program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])),
      says: '"program"',
    },
    {
      when: 'what is piped in is no text',
      args: ['hello'],
      options: () => ({ stdin: Buffer.from([0xff, 0xfe, 0, 1]) }),
      says: 'not UTF-8',
    },
    {
      when: 'the answer does not fit its schema, twice',
      args: ['--schema', 'schema.json', 'hello'],
      given: ({ write }) => write('schema.json', '{"type":"array"}'),
      says: 'does not fit',
    },
  ],
  66: [
    { when: 'a session is not there', args: ['sessions', 'show', 'nix'], says: 'No session' },
    { when: 'nothing is stored', args: ['-c', 'hello'], says: 'Nothing is stored yet' },
    { when: 'a file is not there', args: ['-f', 'nix.txt', 'hello'], says: 'nix.txt' },
    {
      when: 'a message is not there',
      args: ['sessions', 'fork', 'last', '--at', '99'],
      given: saidSomething,
      says: '99',
    },
  ],
  67: [
    {
      when: 'a title fits several sessions',
      args: ['sessions', 'show', 'hello'],
      given: async (place) => {
        await saidSomething(place);
        await saidSomething(place);
      },
      says: 'fits 2 sessions',
    },
  ],
  69: [
    { when: 'a request is refused', args: ['hello'], given: refuses(400, 'no'), says: 'no' },
    {
      when: 'a provider fails and fails',
      args: ['hello'],
      given: refuses(500, 'down', { 'retry-after': '0' }),
      says: 'down',
    },
  ],
  71: [
    {
      when: 'a question is too long for the model',
      args: ['hello'],
      given: refuses(400, 'context_length_exceeded'),
      says: 'are too long',
    },
  ],
  72: [
    {
      when: 'the money is not enough',
      args: ['--max-cost', '0.000001', 'hello'],
      given: settings('[prices.double-1]\ninput = 10\noutput = 10\n'),
      says: 'max',
    },
    {
      when: 'the time is over',
      args: ['--timeout', '1', 'hello'],
      given: hangs,
      says: 'longer than 1 s',
    },
  ],
  73: [
    {
      when: 'no database can be made there',
      args: ['--database', '/dev/null/x.db', '-s', 'plan', 'hello'],
      says: '/dev/null/x.db',
    },
  ],
  74: [
    {
      when: 'the database is damaged',
      args: ['-s', 'plan', 'hello'],
      given: async (place) => {
        await saidSomething(place);
        const bytes = readFileSync(database(place));
        writeFileSync(database(place), bytes.fill(0x55, 4096));
      },
      says: 'damaged',
    },
  ],
  75: [
    {
      when: 'the quota is used up',
      args: ['hello'],
      given: refuses(429, 'insufficient_quota'),
      says: 'quota',
    },
    {
      when: 'it is asked too often',
      args: ['hello'],
      given: refuses(429, 'slow down', { 'retry-after': '7200' }),
      says: 'slow down',
    },
  ],
  76: [
    {
      when: 'the database is newer',
      args: ['sessions', 'list'],
      given: async (place) => {
        await saidSomething(place);
        const bytes = readFileSync(database(place));
        // The user_version of SQLite's header.
        bytes.writeUInt32BE(99, 60);
        writeFileSync(database(place), bytes);
      },
      says: '99',
    },
  ],
  77: [
    {
      when: 'there is no key',
      args: ['-p', 'anthropic', 'hello'],
      says: 'Set ANTHROPIC_API_KEY, or run: synapse keys set anthropic',
    },
    { when: 'a key is refused', args: ['hello'], given: refuses(401, 'bad key'), says: 'bad key' },
    {
      when: 'nobody can approve a call',
      args: ['hello'],
      given: ({ double }) =>
        double.script(
          chatReply({
            toolCalls: [{ id: '1', name: 'write', arguments: ['{"path":"made","content":"x"}'] }],
          }),
          chatReply({ text: ['well'] }),
        ),
      says: '--allow',
    },
  ],
  78: [
    {
      when: 'a setting is wrong',
      args: ['hello'],
      given: settings('[session]\nmax_sessions = "many"\n'),
      says: 'session.max_sessions must be a whole number',
    },
    { when: 'a database is none', args: ['--database', 'mysql://x', 'hello'], says: 'mysql:' },
  ],
};

const cases = Object.entries(table).flatMap(([code, rows]) =>
  rows.map((row): [number, string, Case] => [Number(code), row.when, row]),
);

describe('an exit code', () => {
  let place: Place;
  beforeEach(async () => {
    const home = new SynapseHome();
    const double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(chatReply({ text: ['fine'] }));
    const write = (name: string, content: string | Uint8Array) => {
      const path = join(home.folder, name);
      writeFileSync(path, content);
      return path;
    };
    place = { home, double, write };
  });
  afterEach(async () => {
    await place.double.close();
    place.home.remove();
  });

  it.each(cases)('is %i where %s', async (code, _when, { args, given, options, says }) => {
    await given?.(place);
    const run = (...more: string[]) => place.home.run([...args, ...more], options?.(place));
    const { stdout, stderr, exitCode } = await run();
    expect({ stderr, exitCode }).toEqual({
      stderr: expect.stringContaining(says) as unknown,
      exitCode: code,
    });
    // Answered all the same: where nothing can be stored, and where a tool call was not approved.
    expect(stdout === '' || [73, 74, 77].includes(code)).toBe(true);
    if (code !== 1) expect(stderr).not.toMatch(/^ +at /m);
    if (stdout !== '') return;

    await given?.(place);
    const asJson = await run('--json');
    expect(asJson.exitCode).toBe(code);
    const line = asJson.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(readOutput('error', line)).toMatchObject({ exitCode: code });
    expect(asJson.stderr).not.toContain(String(readOutput('error', line).message));
  });

  it('is 1 for a bug, with its details in the log that the message names', async () => {
    const { stderr } = await place.home.run(['hello'], bug(inItsWay)(place));
    const [, log = ''] = /The log has details: (.*)$/m.exec(stderr) ?? [];
    expect(readFileSync(log, 'utf8')).toContain('unheard of');
  });

  it('is 0 on success, and the help lists no other code', async () => {
    expect(await place.home.run(['hello'])).toMatchObject({ stdout: 'fine\n', exitCode: 0 });
    const { stdout } = await place.home.run(['help', 'exit-codes']);
    const told = [...stdout.matchAll(/^ +(\d+) /gm)].map(([, code]) => Number(code));
    const reached = [0, ...Object.keys(table).map(Number), 130, 143];
    expect(told.sort()).toEqual(reached.sort());
  });
});
