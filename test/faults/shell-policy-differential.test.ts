import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideCall, parseToolRules } from '@synapse/core/conversation';
import { shellTool } from '@synapse/test/fakes/fake-tools';
import { parseShell } from '@synapse/tools-builtin';
import fc from 'fast-check';

const RUNS = Number(process.env.SYNAPSE_TEST_SHELL_RUNS ?? 1000);
const bash = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path));
const works =
  spawnSync('/usr/bin/bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;
const isPossible = bash !== undefined && works;
const describePossible = isPossible ? describe : describe.skip;
const subject = `shell policy beside bash${isPossible ? '' : ' (skipped: bash or bubblewrap is missing)'}`;

const rules = parseToolRules({ allow: ['shell: one *', 'shell: two x *', 'shell: echo *'] });

/** What a hostile line is made of: separators, quotes, expansions, and programs good and bad. */
const token = fc.constantFrom(
  ...[
    'one',
    'two',
    'x',
    'bad',
    'echo',
    '-a',
    ' ',
    ' ',
    ' ',
    ';',
    '&',
    '&&',
    '||',
    '|',
    '\n',
    '\r',
    '\t',
  ],
  ...[
    "'",
    '"',
    '`',
    '\\',
    '$',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '#',
    '!',
    '~',
    '*',
    '?',
    '=',
    ',',
    ':',
  ],
  ...[
    '$(',
    '<(',
    '${',
    '$((',
    '))',
    '<<',
    '<<<',
    "$'",
    '$"',
    '\\\n',
    'if',
    'then',
    'fi',
    'do',
    'done',
    'for',
  ],
  ...[
    'while',
    'case',
    'in',
    'esac',
    'function',
    'time',
    'coproc',
    'eval',
    'exec',
    'command',
    'a=b',
    '2>&1',
  ],
  ...[
    '>/dev/null',
    '\u00a0',
    '\u2028',
    '{one,bad}',
    '$x',
    '${x:-bad}',
    '\\x62ad',
    "''",
    '""',
    'b"a"d',
    '1',
    '[[',
  ],
);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'synapse-shell-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['one', 'two', 'x', 'bad', '-a']) {
    const program = join(folder, 'bin', name);
    writeFileSync(
      program,
      // A file for each: programs of one pipeline run at once, and would write into each other's lines.
      `#!${bash}\nprintf '%s\\0' "\${0##*/}" "$@" > "$STARTED/$$"\n`,
    );
    chmodSync(program, 0o755);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The programs that bash starts for the line, each with its arguments, in a jail in which only ours exist by name. */
function startedBy(line: string): string[][] {
  const started = mkdtempSync(join(folder, 'started-'));
  const jail = [
    ...['--unshare-all', '--ro-bind', '/', '/', '--bind', started, started],
    ...['--dev', '/dev', '--chdir', '/'],
  ];
  const environment = [
    ...['--clearenv', '--setenv', 'PATH', join(folder, 'bin')],
    ...['--setenv', 'STARTED', started],
  ];
  spawnSync('/usr/bin/bwrap', [...jail, ...environment, '--', bash!, '-c', line], {
    timeout: 5000,
  });
  const records = readdirSync(started).map((file) => readFileSync(join(started, file), 'utf8'));
  rmSync(started, { recursive: true });
  return records.map((record) => record.split('\0').slice(0, -1));
}

describePossible(subject, () => {
  it(
    'allows no line that starts a program no rule names',
    async () => {
      let allowed = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('one ', 'echo ', 'two x '),
          fc.array(token, { maxLength: 9 }),
          async (start, tokens) => {
            const line = start + tokens.join('');
            const call = {
              type: 'tool-call' as const,
              id: '1',
              name: 'shell',
              input: { command: line },
            };
            const { verdict } = await decideCall(call, shellTool, {
              mode: 'all',
              rules,
              workingDirectory: '/',
              parseShell,
            });
            if (verdict !== 'allow') return;
            allowed += 1;
            const { commands } = await parseShell(line);
            const expected = new Set(commands.map(({ words }) => words.join('\0')));
            for (const words of startedBy(line)) {
              expect({ line, words, isExpected: expected.has(words.join('\0')) }).toEqual({
                line,
                words,
                isExpected: true,
              });
            }
          },
        ),
        // What was once let through is tried each time.
        {
          numRuns: RUNS,
          examples: [
            ['one ', ['1', '<(', ')']],
            ['one ', ['1', '<(', 'two', ')']],
            ['one ', ['one', '=', '~']],
            ['one ', ['$', '\\\n', 'b"a"d']],
            ['one ', ['1', '<', '\\\n', '(', 'two', ')']],
          ],
        },
      );
      // Otherwise nothing was compared.
      expect(allowed).toBeGreaterThan(10);
    },
    120_000 + RUNS * 20,
  );

  it(
    'lets no wildcard stand for what runs or writes something, as the programs themselves read it',
    async () => {
      let allowed = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...programs),
          fc.array(fc.constantFrom(...optionWords), { minLength: 1, maxLength: 4 }),
          async (program, words) => {
            const line = `${program} ${words.join(' ')}`;
            const call = {
              type: 'tool-call' as const,
              id: '1',
              name: 'shell',
              input: { command: line },
            };
            const { verdict } = await decideCall(call, shellTool, {
              mode: 'all',
              rules: parseToolRules({ allow: [`shell: ${program} *`] }),
              workingDirectory: '/',
              parseShell,
            });
            if (verdict !== 'allow') return;
            allowed += 1;
            expect({ line, traces: tracesOf(line) }).toEqual({ line, traces: [] });
          },
        ),
        {
          numRuns: RUNS,
          // What was once let through is tried each time.
          examples: [
            ['make', ['-E', "'$(shell ./x)'"]],
            ['ssh-agent', ['./x']],
            ['setpriv', ['./x']],
            ['logsave', ['out', './x']],
            ['capsh', ['--', '-c', './x']],
            ['/lib64/ld-linux-x86-64.so.2', ['./x']],
            ['git fast-export', ['--export-marks=out', 'HEAD']],
            ['openssl rand', ['-out', 'out', '1']],
          ],
        },
      );
      expect(allowed).toBeGreaterThan(10);
    },
    120_000 + RUNS * 20,
  );
});

/** Programs that only look, unless an option says otherwise; those that are not installed do nothing. */
const programs = [
  ...[
    'make',
    'find .',
    'sort',
    'rg',
    'grep',
    'tail',
    'head',
    'cat',
    'ls',
    'diff',
    'tree',
    'uniq',
    'sed',
  ],
  ...[
    'git log',
    'git diff',
    'git show',
    'git grep',
    'git fast-export',
    'git status',
    'git rev-list',
  ],
  ...['ssh-agent', 'setpriv', 'logsave', 'capsh', 'openssl rand', 'ld', 'vimdiff', 'gpg-agent'],
  ...['/lib64/ld-linux-x86-64.so.2', 'go env', 'cargo', 'file', 'shuf', 'env', 'nice'],
];

const optionWords = [
  ...[
    './x',
    'out',
    'in',
    'HEAD',
    '1',
    '--',
    '{}',
    "';'",
    "'$(shell ./x)'",
    "'!./x'",
    "'1e./x'",
    "'w out'",
  ],
  ...[
    '-E',
    '-c',
    '-e',
    '-o',
    '-out',
    '-O',
    '-x',
    '-C',
    '-f',
    '-p',
    '-n',
    '-v',
    '-k',
    '-S',
    '-T',
    '-w',
  ],
  ...[
    '--eval=$(shell',
    '-exec',
    '-execdir',
    '-ok',
    '-delete',
    '-fprint',
    '-print',
    '-L',
    '-m',
    '-s',
  ],
  ...[
    '--output=out',
    '--output',
    '--export-marks=out',
    '--pre=./x',
    '--hostname-bin=./x',
    '--daemon',
  ],
  ...['--compress-program=./x', '-S1', '-T.', '-O./x', '--open-files-in-pager=./x', '--ext-diff'],
  ...[
    '--exec=./x',
    '--filter=./x',
    '--textconv',
    '--oneline',
    '--color',
    '--stat',
    '--files',
    '-i',
  ],
];

/** What a line has left behind that only a program that it ran, or an output of its own, can leave. */
function tracesOf(line: string): string[] {
  const place = mkdtempSync(join(folder, 'place-'));
  writeFileSync(join(place, 'x'), `#!${bash}\n: > "$STARTED/ran"\n`);
  chmodSync(join(place, 'x'), 0o755);
  writeFileSync(join(place, 'in'), 'a\n');
  writeFileSync(join(place, 'Makefile'), 'all in out 1 HEAD ./x:\n\t@:\n');
  spawnSync('git', ['init', '-q', place]);
  const before = new Set(readdirSync(place));
  const jail = [
    ...['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--bind', place, place],
    ...['--dev', '/dev', '--tmpfs', '/run', '--chdir', place, '--setenv', 'STARTED', place],
  ];
  spawnSync('/usr/bin/bwrap', [...jail, '--', bash!, '-c', line], {
    timeout: 2000,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
  });
  const traces = readdirSync(place).filter((name) => !before.has(name));
  const gone = [...before].filter((name) => !existsSync(join(place, name)));
  rmSync(place, { recursive: true, force: true });
  return [...traces, ...gone.map((name) => `${name} is gone`)];
}
