import { describe, expect, it } from '@jest/globals';
import { decideCall, parseToolRules } from '@synapse/core/conversation';
import { shellTool } from '@synapse/test/fakes/fake-tools';
import { parseShell } from '@synapse/tools-builtin';
import fc from 'fast-check';

const rules = parseToolRules({ allow: ['shell: git log *', 'shell: ls *', 'shell: echo *'] });

async function verdictOf(command: string, ruleLists = rules): Promise<string> {
  const call = { type: 'tool-call' as const, id: '1', name: 'shell', input: { command } };
  const { verdict } = await decideCall(call, shellTool, {
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
  'git log 1<(x)',
  'git log -1 12>(x)',
  'ls 2>/dev/null 3<(x)',
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
  'ls a=~',
  'ls a=b:~/c',
  "ls a='b':~",
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

/** What looks like one more argument of a harmless program, and runs or writes something. */
const beyondWildcards: [rule: string, command: string][] = [
  ['git clone *', 'git clone -u ./x . y'],
  ['make *', "make -E '$(shell x)'"],
  ['make *', "make --eval='$(shell x)'"],
  ['make *', "make -ksE '$(shell x)'"],
  ['make *', 'make -C elsewhere'],
  ['ssh-agent *', 'ssh-agent x'],
  ['gpg-agent *', 'gpg-agent --daemon x'],
  ['vimdiff *', "vimdiff -c '!x' a b"],
  ['setpriv *', 'setpriv x'],
  ['capsh *', 'capsh -- -c x'],
  ['ld-linux-x86-64.so.2 *', 'ld-linux-x86-64.so.2 x'],
  ['/lib64/ld-linux-x86-64.so.2 *', '/lib64/ld-linux-x86-64.so.2 x'],
  ['logsave *', 'logsave a x'],
  ['git fast-export *', 'git fast-export --export-marks=x HEAD'],
  ['git *', 'git fast-export --all'],
  ['git *', 'git never-heard-of'],
  ['git log *', 'git log --never-heard-of'],
  ['git pull *', 'git pull -s x'],
  ['git pull *', "git pull 'ext::sh -c x'"],
  ['git commit *', 'git commit --template=x -e'],
  ['openssl *', 'openssl rand -out x 1'],
  ['openssl rand *', 'openssl rand -out x 1'],
  ['ld *', 'ld -o x y'],
  ['rg *', 'rg --hostname-bin=x y'],
  ['rg *', 'rg --search-zip y'],
  ['find *', 'find . -execdir x'],
  ['find *', 'find . -never-heard-of'],
  ['sort *', 'sort --compress-prog=x y'],
  ['pytest *', 'pytest -p x'],
  ['pytest *', 'pytest -c x'],
  ['pytest *', 'pytest --junitxml=x'],
  ['python3 -m pytest *', 'python3 -m pytest -p x'],
  ['python3 -m *', 'python3 -m http.server'],
  ['go *', 'go test -exec x ./...'],
  ['go *', 'go build -o x'],
  ['go *', 'go test --coverprofile=x ./...'],
  ['cargo *', 'cargo test --target-dir x'],
  ['npm *', 'npm run build -- --exec x'],
  ['npm *', 'npm test --script-shell=x'],
  ['mytool *', 'mytool --exec x'],
  ['mytool *', 'mytool --output=x'],
  ['mytool *', 'mytool -o x'],
  ['mytool *', 'mytool -vo x'],
  ['mytool *', "mytool '$(x)'"],
  ['mytool *', "mytool '`x`'"],
  ['git *', 'git merge-index ./x -a'],
  ['git *', "git remote-ext x 'sh -c y'"],
  ['git *', 'git credential fill'],
  ['git *', 'git for-each-repo --config=x y'],
  ['git *', 'git gui'],
  ['git *', 'git web--browse x'],
  ['test *', "test -v 'a[$(x)]'"],
  ['[ *', "[ -v 'a[$(x)]' ]"],
  ['printf *', "printf -v 'a[$(x)]' y"],
  ['unset *', "unset 'a[$(x)]'"],
  ['read *', "read 'a[$(x)]'"],
  ['declare *', "declare -i 'a=b[$(x)]'"],
  ['let *', "let 'a[$(x)]=1'"],
  ['mapfile *', "mapfile -C 'x #' -c 1 y"],
  ['hash *', 'hash -p ./x git'],
  ['compgen *', 'compgen -C x y'],
  ['fc *', 'fc -s x'],
  ['split *', "split --filter='x' y"],
  ['shuf *', 'shuf -o x y'],
  ['tree *', 'tree -o x'],
  ['file *', 'file -C -m x'],
  ['ag *', 'ag --pager=./x y'],
  ['ack *', 'ack --pager=./x y'],
  ['bat *', 'bat --pager ./x y'],
  ['fdfind *', 'fdfind -x y'],
  ['tcpdump *', 'tcpdump -z ./x'],
  ['gcc *', 'gcc -wrapper ./x a.c'],
  ['g++-12 *', 'g++-12 -fplugin=./x a.c'],
  ['clang *', 'clang -B. a.c'],
  ['cc *', 'cc @x'],
  ['cmake *', 'cmake -P x'],
  ['pandoc *', 'pandoc --filter ./x y'],
  ['cargo *', 'cargo --config x build'],
  ['go *', 'go run example.com/x@latest'],
  ['go *', 'go env -w CC=./x'],
  ['npm *', 'npm exec x'],
  ['pnpm *', 'pnpm dlx x'],
  ['yarn *', 'yarn exec x'],
  ['uv *', 'uv run x'],
  ['bundle *', 'bundle exec x'],
  ['gh *', "gh alias set x '!y'"],
  ['gh *', 'gh api -X DELETE x'],
  ['ip *', 'ip netns exec x y'],
  ['apt-get *', 'apt-get -o x y'],
  ['rpm *', 'rpm --eval x'],
  ['ssh-keygen *', 'ssh-keygen -D ./x'],
  ['node *', 'node --test-reporter=./x y'],
  ['psql *', "psql -c '\\! x'"],
  ['sqlite3 *', "sqlite3 x '.shell y'"],
  ['deno *', 'deno eval x'],
  ['valgrind *', 'valgrind x'],
  ['setarch *', 'setarch x y'],
  ['faketime *', 'faketime 0 x'],
  ['tmux *', 'tmux new x'],
  ['curl *', 'curl --libcurl x y'],
  ['curl *', 'curl --etag-save x y'],
  ['curl *', 'curl --unix-socket x y'],
  ['curl *', 'curl -x x y'],
  ['sed *', "sed '1ex' y"],
  ['sed *', "sed -n '1wx' y"],
  ['sed *', "sed 's,a,b,we' y"],
  ['sed *', "sed 'e;p' y"],
  ['sed *', "sed '{e}' y"],
  ['sed *', "sed '$ex' y"],
  ['sed *', "sed 'y/a/b/;ex' y"],
  ['sed *', "sed '/a/ex' y"],
  ['sed *', 'sed sxaxbxe y'],
  ['sed *', 'sed -e1ewho y'],
  ['sed *', 'sed --expression=1ex y'],
  ['sed *', 'sed -s 1Wx y'],
];

const withinWildcards: [rule: string, command: string][] = [
  ['sed *', 'sed -n 5p src/index.ts'],
  ['sed *', "sed -n '1,20p' a.txt"],
  ['sed *', "sed -E 's/were/now/g' a.txt"],
  ['sed *', "sed -e 's|a|b|' /tmp/file"],
  ['git *', 'git push -u origin main'],
  ['git *', 'git log -p --stat -S word'],
  ['git *', 'git add -u'],
  ['test *', 'test -e x'],
  ['printf *', 'printf "%s\\n" a'],
  ['npm *', 'npm run build'],
  ['go *', 'go test ./...'],
  ['cargo *', 'cargo test --release'],
  ['gcc *', 'gcc -O2 -o x a.c'],
  ['curl *', 'curl -sSL https://example.com'],
  ['sort *', 'sort -n x'],
  ['git status *', 'git status --short -b'],
  ['git diff *', 'git diff --cached --stat HEAD~1 -- src'],
  ['git log *', 'git log --oneline -5 --author=a -- src/index.ts'],
  ['git add *', 'git add -A .'],
  ['git log *', 'git log -S std::string -- config'],
  ['git commit *', 'git commit -am "a change"'],
  ['git commit *', "git commit --amend --no-edit -m 'see --exec'"],
  ['git switch *', 'git switch -c feature'],
  ['git fast-export *', 'git fast-export HEAD'],
  ['npm test *', 'npm test -- src/a.test.ts -t name'],
  ['npm run *', 'npm run lint --silent'],
  ['npm run *', 'npm run test -- --watch=false'],
  ['ls *', 'ls -la --color=never src'],
  ['cat *', 'cat -n package.json'],
  ['rg *', 'rg -n --glob "*.ts" -C3 word src'],
  ['grep *', 'grep -rnE "--include=*.ts" "a|b" src'],
  ['cargo test *', 'cargo test --workspace -- --nocapture --test-threads=1'],
  ['go test *', 'go test -v -run TestX -count=1 ./...'],
  ['pytest *', 'pytest -xvs -k name tests/test_a.py'],
  ['python3 -m pytest *', 'python3 -m pytest -q tests'],
  ['make *', 'make -j4 test'],
  ['find *', "find . -name '*.ts' -not -path './x/*'"],
  ['head *', 'head -5 x'],
  ['mytool *', 'mytool --verbose -v check src'],
];

const listed = [
  'git log',
  'git log --oneline -5',
  'git  log',
  "g''it log",
  'ls \'a=~\' "b:~" c~ d\\=\\~',
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

  const under = (rule: string, command: string) =>
    verdictOf(command, parseToolRules({ allow: [`shell: ${rule}`] }));

  it.each(beyondWildcards)('does not let the rule "%s" stand for %j', async (rule, command) => {
    expect(await under(rule, command)).toBe('ask');
  });

  it.each(withinWildcards)('lets the rule "%s" stand for %j', async (rule, command) => {
    expect(await under(rule, command)).toBe('allow');
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

  it.each([
    ['many words', 'a '.repeat(50_000)],
    ['many commands', 'a;'.repeat(50_000)],
    ['very many words', 'a '.repeat(5_000_000)],
    ['substitutions within substitutions', '$('.repeat(4900)],
    ['substitutions within quotes', '"$('.repeat(3000)],
  ])('asks before a line of %s, and denies it for what is in it', async (_name, line) => {
    const lists = { allow: ['shell: a *'], deny: ['shell: rm *'] };
    const isJudged = line.length <= 100_000;
    expect(await verdictOf(line, parseToolRules(lists))).toBe(isJudged ? 'ask' : 'deny');
    expect(await verdictOf(`${line} rm x`, parseToolRules(lists))).toBe('deny');
  });

  it('allows everything only where the whole tool is allowed', async () => {
    const all = parseToolRules({ allow: ['shell'], ask: ['shell: git push *'] });
    expect(await verdictOf('x=$(y) z > file', all)).toBe('allow');
    expect(await verdictOf('x=$(y) git push', all)).toBe('ask');
  });

  it.each(['<(rm -r x)', '1<(rm -r x)', '23>(true; rm -r x)', '> "$(rm -r x)"', '2> <(rm -r x)'])(
    'denies what a rule denies also where it hides as %s',
    async (hidden) => {
      const lists = parseToolRules({ allow: ['shell'], deny: ['shell: rm *'] });
      expect(await verdictOf(`echo ${hidden}`, lists)).toBe('deny');
    },
  );

  it('never allows what holds another command, wherever it is put', async () => {
    const carriers = [
      '; x',
      '&& x',
      '| x',
      '$(x)',
      '`x`',
      '"$(x)"',
      '<(x)',
      '7<(x)',
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
