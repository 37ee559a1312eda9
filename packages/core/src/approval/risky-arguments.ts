/** What turns an otherwise harmless program into one that runs, writes or reaches something else. */
interface RiskyArguments {
  /** Letters of short options, also within a cluster. */
  short?: string;
  /** Long options; programs take any beginning of them. */
  long?: string;
  other?: RegExp;
}

const anything = { other: /^/ };

const programs: Readonly<Record<string, RiskyArguments>> = {
  curl: {
    short: 'oOTKJFdXc',
    long: 'output output-dir remote-name upload-file config form data request cookie-jar dump-header trace trace-ascii stderr json',
    other: /@|^(file|scp|sftp|dict|gopher|telnet):/i,
  },
  date: { short: 's', long: 'set' },
  fd: { short: 'xX', long: 'exec exec-batch' },
  find: { other: /^-(exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls)$/ },
  git: {
    short: 'cCOo',
    long: 'output ext-diff textconv open-files-in-pager exec-path config-env git-dir work-tree upload-pack receive-pack exec paginate template separate-git-dir config extcmd',
    other:
      /^(bisect|submodule|filter-branch|difftool|mergetool|config|hook|daemon|instaweb|help|rebase|send-email)$|::/,
  },
  go: { other: /^-{1,2}(exec|toolexec|overlay|modfile|vettool)\b/ },
  make: { short: 'fCI', long: 'file makefile directory eval include-dir', other: /=/ },
  node: {
    short: 'epr',
    long: 'eval print require import loader experimental-loader inspect env-file',
  },
  npm: {
    short: 'C',
    long: 'script-shell prefix globalconfig userconfig node-options',
    other: /^(exec|x|explore|init|create)$/,
  },
  perl: { short: 'eEMmIidx' },
  php: { short: 'rRBEdS' },
  pip: { short: 'ieft', long: 'index-url extra-index-url find-links target prefix root editable' },
  python: { short: 'cmi' },
  rg: { short: 'z', long: 'pre hostname-bin search-zip' },
  rsync: { short: 'e', long: 'rsh rsync-path' },
  ruby: { short: 'erIix' },
  sed: {
    short: 'if',
    long: 'in-place file',
    other: /(^|[^a-zA-Z\\])[eErRwW](\s|$)|\/[a-zA-Z0-9]*[ew]/,
  },
  sort: { short: 'oT', long: 'output compress-program temporary-directory' },
  tar: {
    short: 'IFxC',
    long: 'to-command checkpoint-action use-compress-program rsh-command info-script new-volume-script extract get directory',
    other: /^[a-zA-Z]*[IFxC]/,
  },
  tee: anything,
  uniq: { other: /^[^-]/ },
  wget: {
    short: 'OPeia',
    long: 'output-document output-file append-output post-data post-file body-data body-file execute config directory-prefix input-file use-askpass',
  },
  xxd: { short: 'r' },
  zip: { short: 'T', long: 'unzip-command' },
};

/** Programs that run what their arguments say, and pagers and editors that offer a shell. */
const runners = new Set(
  (
    'sh bash dash zsh ksh fish csh tcsh ash busybox toybox eval exec source . command builtin env ' +
    'xargs sudo doas su nohup nice ionice time timeout setsid stdbuf script watch parallel strace ' +
    'ltrace gdb chroot unshare nsenter bwrap ssh scp sftp awk gawk mawk nawk ed ex vi vim nvim view ' +
    'emacs nano less more most man info trap alias enable coproc at batch crontab flock prlimit ' +
    'taskset osascript powershell pwsh cmd docker podman kubectl run-parts systemd-run npx bunx dlx'
  ).split(' '),
);

/**
 * Whether a `*` of an allow rule must not stand for these arguments: whoever wants to allow them
 * has to spell them out.
 */
export function isRisky(program: string, argumentsUnderWildcard: readonly string[]): boolean {
  if (argumentsUnderWildcard.length === 0) return false;
  const name = (program.split('/').at(-1) ?? program).replace(/\.exe$/i, '').toLowerCase();
  if (runners.has(name)) return true;
  const risky = programs[name] ?? programs[name.replace(/[\d.]+$/, '')];
  return risky !== undefined && argumentsUnderWildcard.some((argument) => fits(risky, argument));
}

function fits({ short = '', long = '', other }: RiskyArguments, argument: string): boolean {
  if (other?.test(argument)) return true;
  const [, option] = /^--([^=]+)/.exec(argument) ?? [];
  if (option !== undefined) return long.split(' ').some((one) => one.startsWith(option));
  return /^-[^-]/.test(argument) && short.split('').some((letter) => argument.includes(letter));
}
