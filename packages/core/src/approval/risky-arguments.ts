import { areHarmless, isSuspect } from './harmless-options.ts';

/** Arguments that make a harmless program run, write or connect to something else. */
interface RiskyArguments {
  /** Letters of short options, also within a cluster. */
  short?: string;
  /** Long options; programs accept any prefix of them. */
  long?: string;
  other?: RegExp;
}

const anything = { other: /^/ };
const compiler = { other: /^(-wrapper|-fplugin|-B|-specs|-X|--config|--sysroot|@)/ };
const pager = { long: 'pager' };
const execution = { short: 'xX', long: 'exec exec-batch' };
const packageRunner = { other: /^(exec|run|tool|x|dlx|create)$/ };

/** By program, or by program and subcommand. */
const programs: Readonly<Record<string, RiskyArguments>> = {
  '[': { other: /^-[vR]$/ },
  ack: pager,
  ag: pager,
  apt: { short: 'oc', long: 'option config-file' },
  'apt-get': { short: 'oc', long: 'option config-file' },
  bat: pager,
  bundle: packageRunner,
  cargo: { long: 'config', other: /^(\+.*|run|r|install|bench)$/ },
  cc: compiler,
  'c++': compiler,
  clang: compiler,
  'clang++': compiler,
  cmake: { short: 'PECD' },
  composer: packageRunner,
  curl: {
    short: 'oOTKJFdXcxnE',
    long:
      'output output-dir remote-name upload-file config form data request cookie-jar dump-header trace ' +
      'trace-ascii stderr json libcurl etag-save hsts alt-svc unix-socket abstract-unix-socket proxy ' +
      'preproxy connect-to resolve netrc netrc-file engine cert key',
    other: /@|^(file|scp|sftp|dict|gopher|telnet):/i,
  },
  date: { short: 's', long: 'set' },
  fd: execution,
  fdfind: execution,
  file: { short: 'C', long: 'compile' },
  find: { other: /^-(exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls)$/ },
  'g++': compiler,
  gcc: compiler,
  gh: { other: /^(alias|api|auth|codespace|cs|config|extension|ext)$/ },
  git: {
    short: 'cCOo',
    long: 'output ext-diff textconv open-files-in-pager exec-path config-env git-dir work-tree upload-pack receive-pack exec paginate template separate-git-dir config extcmd',
    other:
      /^(bisect|submodule|filter-branch|filter-repo|difftool|mergetool|config|hook|daemon|instaweb|help|rebase|send-email|imap-send|for-each-repo|maintenance|gui|citool|svn|p4|cvs.*|shell|web--browse|merge-(index|one-file)|remote-.*|credential.*|http-.*|(upload|receive)-(pack|archive)|\w[\w-]*--.*|sh-.*)$|::/,
  },
  'git clone': { short: 'u' },
  go: {
    other:
      /^-{1,2}(exec|toolexec|overlay|modfile|vettool|C|ldflags|gccgoflags)\b|^(run|generate|install|tool|get)$|^-w$/,
  },
  ip: { short: 'bn', long: 'batch netns', other: /^(netns|vrf)$/ },
  make: { short: 'fCI', long: 'file makefile directory eval include-dir', other: /=/ },
  node: {
    short: 'eprC',
    long: 'eval print require import loader experimental-loader inspect env-file run test-reporter test-global-setup build-snapshot',
  },
  npm: {
    short: 'C',
    long: 'script-shell prefix globalconfig userconfig node-options',
    other: /^(exec|x|explore|init|create)$/,
  },
  pandoc: { short: 'FLdo', long: 'filter lua-filter pdf-engine defaults output' },
  perl: { short: 'eEMmIidx' },
  php: { short: 'rRBEdS' },
  pip: { short: 'ieft', long: 'index-url extra-index-url find-links target prefix root editable' },
  pipenv: packageRunner,
  pnpm: { other: /^(exec|dlx|create|x)$/ },
  poetry: packageRunner,
  printf: { other: /^-v/ },
  python: { short: 'cmi' },
  rg: { short: 'z', long: 'pre hostname-bin search-zip' },
  rpm: { short: 'EiUFe', long: 'eval pipe define load rcfile' },
  rsync: { short: 'e', long: 'rsh rsync-path' },
  ruby: { short: 'erIix' },
  rustc: { short: 'C' },
  sed: { other: unlikeHarmlessSed() },
  shuf: { short: 'o', long: 'output' },
  sort: { short: 'oT', long: 'output compress-program temporary-directory' },
  split: { long: 'filter' },
  tar: {
    short: 'IFxC',
    long: 'to-command checkpoint-action use-compress-program rsh-command info-script new-volume-script extract get directory',
    other: /^[a-zA-Z]*[IFxC]/,
  },
  tcpdump: { short: 'zwF' },
  tee: anything,
  test: { other: /^-[vR]$/ },
  tree: { short: 'o' },
  uniq: { other: /^[^-]/ },
  uv: packageRunner,
  wget: {
    short: 'OPeia',
    long: 'output-document output-file append-output post-data post-file body-data body-file execute config directory-prefix input-file use-askpass',
  },
  xxd: { short: 'r' },
  yarn: { other: /^(exec|dlx|create|x|node)$/ },
  yq: { short: 'i', long: 'inplace' },
  zip: { short: 'T', long: 'unzip-command' },
};

/**
 * Programs that run what their arguments name, pagers and editors that offer a shell, and shell
 * builtins that change the shell itself or evaluate a name that holds a command, as in `read
 * 'a[$(x)]'`.
 */
const runners = new Set(
  (
    'sh bash rbash dash zsh ksh fish csh tcsh ash busybox toybox eval exec source . command builtin env ' +
    'xargs sudo doas su runuser pkexec sg newgrp nohup nice ionice chrt time timeout setsid stdbuf ' +
    'script unbuffer rlwrap watch entr watchexec parallel strace ltrace gdb lldb valgrind perf ' +
    'hyperfine numactl choom cpulimit eatmydata faketime fakeroot catchsegv setarch linux32 linux64 ' +
    'chroot proot unshare nsenter bwrap firejail systemd-inhibit dbus-run-session xvfb-run ' +
    'start-stop-daemon ssh scp sftp ssh-add ssh-keygen nc ncat netcat socat awk gawk mawk nawk ed ex vi vim ' +
    'nvim view emacs nano less more most man info tmux screen trap alias enable coproc at batch ' +
    'crontab flock prlimit taskset osascript powershell pwsh cmd docker podman kubectl run-parts ' +
    'systemd-run npx bunx bun dlx deno ts-node tsx lua luajit rscript julia elixir groovy jshell tclsh ' +
    'expect psql sqlite3 mysql mariadb bind compgen complete declare export fc getopts hash let local ' +
    'mapfile read readarray readonly set shopt typeset unset ' +
    'ssh-agent gpg-agent gpg gpg2 gpgconf vimdiff rvim rview gvim gvimdiff evim vimtutor nvimdiff pico micro ' +
    'setpriv capsh logsave openssl sshpass fakechroot runcon cgexec softlimit envdir envuidgid setuidgid chpst ' +
    'tini dumb-init gosu su-exec authbind torsocks torify proxychains proxychains4 tsocks dbus-launch daemon ' +
    'daemonize machinectl systemctl ipython pypy nodejs java jshell scala kotlin swift runghc ghci ocaml racket ' +
    'guile sbcl clisp erl octave r dc m4 gnuplot ftp lftp telnet mail mailx mutt w3m lynx links elinks gdbserver ' +
    'rr stap bpftrace gcore dpkg crun runc buildah skopeo nerdctl ctr vagrant ansible ansible-playbook terraform ' +
    'helm mksh yash posh oksh xonsh nu elvish tcsh wine mono qemu-x86_64 qemu-aarch64 as objcopy install-info ' +
    'newuidmap newgidmap pkttyagent scriptlive scriptreplay ssh-copy-id git-shell dotnet-script cscope ctags'
  ).split(' '),
);

/** The dynamic loader, which can start any program, and the linker. */
const loader = /^(ld|ld[-.].*|ld64.*|gold|mold|lld)$/;

/** Subcommands of Git that take an address, in which `ext::` runs a command. */
const reachesRemotes = /^(fetch|pull|push|remote)$/;

/**
 * Whether a `*` of an allow rule must not stand for these arguments: to allow them, the rule has to
 * spell them out. A known program may use its harmless options. Any other program may use options
 * that don't look as if they could run or write something.
 */
export function isRisky(
  words: readonly string[],
  argumentsUnderWildcard: readonly string[],
): boolean {
  if (argumentsUnderWildcard.length === 0) return false;
  const [program = '', subcommand = '', ...rest] = words;
  const name = (program.split('/').at(-1) ?? program).replace(/\.exe$/i, '').toLowerCase();
  if (runners.has(name) || loader.test(name)) return true;
  const plain = name.replace(/-?[\d.]+$/, '');
  if (plain === 'python' && subcommand === '-m' && rest[0] !== undefined) {
    // A module that the rule spells out counts as a program of its own.
    return argumentsUnderWildcard.includes(rest[0]) || isRisky(rest, argumentsUnderWildcard);
  }
  const harmless =
    areHarmless(name, subcommand, argumentsUnderWildcard) ??
    areHarmless(plain, subcommand, argumentsUnderWildcard);
  if (harmless === false) return true;
  const entries = [name, plain, `${name} ${subcommand}`].flatMap((key) =>
    Object.hasOwn(programs, key) ? [programs[key] ?? {}] : [],
  );
  if (harmless) {
    // Its options are known, so only the other arguments are left to judge.
    if (name === 'git') {
      return (
        reachesRemotes.test(subcommand) && argumentsUnderWildcard.some((one) => one.includes('::'))
      );
    }
    const operands = argumentsUnderWildcard.filter((argument) => !argument.startsWith('-'));
    return operands.some((argument) => entries.some(({ other }) => other?.test(argument)));
  }
  if (name === 'git')
    return argumentsUnderWildcard.some((one) => one === subcommand || /^-|::/.test(one));
  if (entries.length === 0) return argumentsUnderWildcard.some(isSuspect);
  return argumentsUnderWildcard.some((argument) => entries.some((entry) => fits(entry, argument)));
}

function fits({ short = '', long = '', other }: RiskyArguments, argument: string): boolean {
  if (other?.test(argument)) return true;
  const [, option] = /^--([^=]+)/.exec(argument) ?? [];
  if (option !== undefined) return long.split(' ').some((one) => one.startsWith(option));
  return /^-[^-]/.test(argument) && short.split('').some((letter) => argument.includes(letter));
}

/**
 * Its scripts can run, read and write in too many ways to list, so the harmless forms are listed
 * instead.
 */
function unlikeHarmlessSed(): RegExp {
  const options = '-[nErsuz]*e?|--(?:quiet|silent|regexp-extended|null-data|separate|posix|debug)';
  const lines = String.raw`[\d,$]*[dpq=]`;
  const replacement = String.raw`[\d,$]*s([/|,#:@%])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|(?!\1)[^\\\n])*\1[gpiI\d]*`;
  const isCommand = String.raw`[\d,$~+!]*[eErRwW]|/[^/]*/[\d,$~+!]*[eErRwW]|[\d,$~+!]*s(.).*\2.*\2.*[ewm]`;
  const file = String.raw`(?!-|${isCommand})[\w./@+-]+`;
  return new RegExp(`^(?!(?:${options}|${lines}|${replacement}|${file})$)`);
}
