import { describe, expect, it } from '@jest/globals';
import { decideCall, parseToolRules, type Tool } from '@synapse/core';
import { parseShell } from '@synapse/tools-builtin';
import fc from 'fast-check';

const shell: Tool = {
  name: 'shell',
  description: 'Runs a command.',
  inputSchema: {},
  effect: 'execute',
  subject: { argument: 'command', kind: 'command' },
};

const rules = parseToolRules({ allow: ['shell: git log *', 'shell: ls *', 'shell: echo *'] });

async function verdictOf(command: string, ruleLists = rules): Promise<string> {
  const call = { type: 'tool-call' as const, id: '1', name: 'shell', input: { command } };
  const { verdict } = await decideCall(call, shell, {
    mode: 'all',
    rules: ruleLists,
    workingDirectory: '/work',
    parseShell,
  });
  return verdict;
}

const unlisted = [
  'git logout',
  'git',
  'git logs',
  'git status',
  'git log; x',
  'git log && x',
  'git log || x',
  'git log | x',
  'git log |& x',
  'git log & x',
  'git log\nx',
  'git log\rx',
  'git log\r\nx',
  'git log $(x)',
  'git log "$(x)"',
  'git log `x`',
  'git log "`x`"',
  'git log <(x)',
  'git log >(x)',
  'echo ${x:-$(y)}',
  'echo ${ y; }',
  'echo ${x@P}',
  'echo $((1+1))',
  'echo $((a[$(y)]))',
  'echo $[1+1]',
  'cat <<E\n$(x)\nE',
  'echo <<E\n$(x)\nE',
  "echo <<'E'\nplain\nE",
  'echo <<< "$(x)"',
  'echo <<< x',
  'echo x >file',
  'echo x >>file',
  'echo x >& file',
  'echo x &>file',
  'echo x 2>file',
  'echo x >|file',
  'echo x 2>&3',
  'echo x {fd}>file',
  'ls >/dev/tcp/127.0.0.1/80',
  'echo <file',
  'echo {a,b}',
  'echo *',
  'ls *.ts',
  'ls [ab]',
  'ls ?',
  'ls ~',
  'ls ~root',
  'alias git=rm; git log',
  'git() { rm x; }; git log',
  'function ls { rm x; }; ls',
  'eval git log',
  'eval "rm x"',
  'exec git log',
  'command git log',
  'builtin echo x',
  'env git log',
  'env x',
  'echo x | xargs rm',
  'xargs rm',
  'find . -exec rm {} \\;',
  'sh -c "git log"',
  'bash -lc "git log"',
  'python -c "x"',
  'node -e "x"',
  'perl -e "x"',
  'awk \'BEGIN{system("x")}\'',
  "sed 'e'",
  'sed -i s/a/b/ f',
  'tar --to-command=x -xf a',
  'rsync -e x a b',
  'ssh -o ProxyCommand=x h',
  'git -c core.pager=x log',
  'git -c alias.x=!y x',
  'git --exec-path=/x log',
  'git log --output=x',
  'git log --output x',
  'git log --outp=x',
  'git log --ext-diff',
  'git log --textconv',
  'git grep -O x',
  'git diff --ext-diff',
  'rg --pre x',
  'less x',
  'man x',
  'LD_PRELOAD=./x ls',
  'PATH=. ls',
  'IFS=x ls',
  'BASH_ENV=x ls',
  'GIT_PAGER=x git log',
  'x=1',
  'export PATH=.; ls',
  "$'\\x67it' log",
  'g$x log',
  '$a$b',
  'git\u00a0log',
  'git\u2028log',
  'git log\u202e',
  'ls\u200b',
  'ls \u{e0041}',
  Array.from({ length: 60 }, () => 'ls').join('; '),
  `ls ${'x'.repeat(1_000_000)}`,
  'git log "',
  "git log '",
  'git log $(',
  'git log )',
  'ls (x)',
  'git log # x\nrm y',
  'ls #\rrm x',
  '!git log',
  'ls !(x)',
  '@(rm x)',
  'cmd /c dir',
  './git log',
  '/tmp/git log',
  'bin/ls',
  'coproc ls',
  'time -p rm x',
  'if ls; then rm x; fi',
  'for x in a; do ls; done',
  'while ls; do echo x; done',
  'case x in x) ls;; esac',
  'select x in a; do ls; done',
  '[[ -e x ]]',
  '((x=1))',
  'ls; rm x &',
  '{ ls; rm x; }',
  '(ls; rm x)',
  'ls "a${b[$(rm q)]}"',
  'ls\\\n; rm x',
  'trap "rm x" EXIT; ls',
  '. ./x',
  'source x',
  'sudo ls',
  '',
  '   ',
  '#',
];

const listed = [
  'git log',
  'git log --oneline -5',
  'git  log',
  "g''it log",
  '"git" log',
  '\\git log',
  'git log | ls',
  'ls && echo "done" || echo failed',
  'ls -la src; git log -3',
  '(ls; echo x)',
  '! ls',
  'ls 2>&1',
  'ls 2>/dev/null',
  "echo '$(x)'",
  'echo a\\ b # and a comment',
  'ls &',
];

describe('shell policy', () => {
  it.each(unlisted)('asks before %j', async (command) => {
    expect(await verdictOf(command)).toBe('ask');
  });

  it.each(listed)('allows %j', async (command) => {
    expect(await verdictOf(command)).toBe('allow');
  });

  it.each([
    'rm x',
    '/bin/rm x',
    'ls; rm x',
    'sudo rm -rf x',
    'echo x | xargs rm',
    'bash -c "rm x"',
    'echo $(rm x)',
    'r""m x',
    'f() { rm x; }; f',
    'git push',
    'git --no-pager push',
    'git -C elsewhere push origin',
  ])('denies %j by a rule about part of it', async (command) => {
    const denying = parseToolRules({
      allow: ['shell: ls *', 'shell: rm *', 'shell: git *'],
      deny: ['shell: rm *', 'shell: git push *'],
    });
    expect(await verdictOf(command, denying)).toBe('deny');
  });

  it('allows everything only where the whole tool is allowed', async () => {
    const all = parseToolRules({ allow: ['shell'], ask: ['shell: git push *'] });
    expect(await verdictOf('x=$(y) z > file', all)).toBe('allow');
    expect(await verdictOf('x=$(y) git push', all)).toBe('ask');
  });

  it('never allows what holds another command, wherever it is put', async () => {
    const carriers = [
      '; x',
      '&& x',
      '| x',
      '$(x)',
      '`x`',
      '"$(x)"',
      '<(x)',
      '\nx',
      '> x',
      '${a:-$(x)}',
    ];
    const arbitrary = fc.tuple(
      fc.array(fc.constantFrom('git log', 'ls', 'echo', 'a', '"b c"', "'d'", '-e', ' '), {
        maxLength: 5,
      }),
      fc.constantFrom(...carriers),
      fc.array(fc.constantFrom('a', '"b"', "'", '"', '\\', '#', ' '), { maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([before, carrier, after]) => {
        const command = `ls ${before.join(' ')} ${carrier} ${after.join(' ')}`;
        expect(await verdictOf(command)).toBe('ask');
      }),
      { numRuns: 300 },
    );
  });
});
