/** Options that only change how a program does its usual work or shows its output. */
interface HarmlessOptions {
  /** Letters, alone or several after one dash. */
  short?: string;
  /** Letters that take a value, in the same word or in the next. */
  valued?: string;
  /** Names after two dashes, in full: `--color`, `--color=never`. */
  long?: string;
  /** Words after one dash or two, as in `find` and `go`. */
  words?: string;
  /** Whether the arguments after `--` go to a program that is not in the table. */
  passesOn?: boolean;
}

const gitShow =
  'oneline stat numstat shortstat patch no-patch name-only name-status graph all branches tags remotes ' +
  'decorate no-decorate format pretty abbrev abbrev-commit date relative-date author committer grep ' +
  'all-match invert-grep since until after before follow merges no-merges first-parent reverse max-count ' +
  'skip color no-color word-diff unified minimal patience histogram find-renames no-renames diff-filter ' +
  'summary no-ext-diff no-textconv ignore-all-space ignore-space-change cached staged quiet raw full-index ' +
  'left-right cherry topo-order date-order';
const gitShowLetters = { short: 'psqwbzirtcm', valued: 'nSGULMCDX' };

/**
 * By program, or by program and subcommand. Synapse asks about everything that is not listed here.
 */
const programs: Readonly<Record<string, HarmlessOptions>> = {
  base64: { short: 'di', valued: 'w', long: 'decode wrap' },
  basename: { short: 'az', valued: 's', long: 'multiple suffix zero' },
  cargo: {
    short: 'vq',
    valued: 'pjFDWA',
    long:
      'release all workspace exclude all-targets all-features no-default-features features package lib bin bins ' +
      'example examples test tests doc no-run no-fail-fast jobs verbose quiet locked offline frozen ' +
      'message-format color profile check keep-going nocapture test-threads exact ignored include-ignored ' +
      'skip show-output no-deps',
  },
  cat: {
    short: 'AbeEnstTuv',
    long: 'number number-nonblank show-all squeeze-blank show-ends show-tabs',
  },
  cut: { short: 'nsz', valued: 'bcdf', long: 'delimiter fields bytes characters complement' },
  df: { short: 'ahHiklPT', long: 'all human-readable total' },
  diff: {
    short: 'abBcdEiNpqrstuwyZ',
    valued: 'CIUxW',
    long: 'brief recursive unified color side-by-side ignore-case ignore-all-space new-file exclude strip-trailing-cr',
  },
  dirname: { short: 'z' },
  du: {
    short: 'abcDhHklLmsSx',
    valued: 'dt',
    long: 'all human-readable summarize max-depth total',
  },
  echo: { short: 'neE' },
  find: {
    words:
      'H L P name iname type path ipath wholename maxdepth mindepth size mtime mmin atime amin ctime cmin newer ' +
      'anewer cnewer not o a and or print print0 printf prune empty regex iregex regextype perm user group ' +
      'follow xdev mount depth ls quit readable writable executable links inum samefile true false lname daystart',
  },
  'git add': { short: 'AuvnN', long: 'all update verbose dry-run intent-to-add' },
  'git blame': {
    short: 'bceflnstwp',
    valued: 'LMCS',
    long: 'porcelain line-porcelain show-email date since',
  },
  'git branch': {
    short: 'avrdlq',
    long: 'all verbose remotes delete list merged no-merged contains show-current sort format track quiet color no-color',
  },
  'git cat-file': { short: 'pste' },
  'git checkout': { short: 'bBqt', long: 'track no-track quiet detach ours theirs' },
  'git cherry-pick': { short: 'xn', long: 'no-commit abort continue skip quit' },
  'git commit': {
    short: 'avqns',
    valued: 'mF',
    long:
      'all message file amend no-edit allow-empty allow-empty-message no-verify signoff verbose quiet dry-run ' +
      'author date fixup squash no-gpg-sign',
  },
  'git describe': { long: 'tags always dirty abbrev long match all exact-match' },
  'git diff': { ...gitShowLetters, long: `${gitShow} check exit-code merge-base no-index` },
  'git fetch': { short: 'apqtv', long: 'all prune tags no-tags quiet verbose depth dry-run' },
  'git grep': {
    short: 'cEFGhHilLnPqvwWz',
    valued: 'ABCem',
    long: 'cached line-number count files-with-matches ignore-case name-only untracked heading break and or not color',
  },
  'git log': { ...gitShowLetters, long: gitShow },
  'git ls-files': {
    short: 'cdmostuvz',
    valued: 'x',
    long: 'cached deleted modified others exclude-standard stage',
  },
  'git ls-tree': { short: 'drtlz', long: 'name-only long full-name' },
  'git merge': {
    short: 'nqv',
    valued: 'm',
    long: 'no-ff ff-only ff squash no-commit abort continue quiet no-edit',
  },
  'git merge-base': { long: 'all is-ancestor fork-point' },
  'git mv': { short: 'knv', long: 'dry-run verbose' },
  'git pull': {
    short: 'qvp',
    long: 'rebase no-rebase ff-only no-ff all tags prune quiet verbose autostash',
  },
  'git push': { short: 'uqvn', long: 'set-upstream tags follow-tags dry-run quiet verbose all' },
  'git reflog': { ...gitShowLetters, long: gitShow },
  'git remote': { short: 'v', long: 'verbose' },
  'git reset': { short: 'q', long: 'soft mixed quiet' },
  'git restore': { short: 'SWq', valued: 's', long: 'staged worktree source quiet' },
  'git rev-list': { ...gitShowLetters, long: `${gitShow} count objects not` },
  'git rev-parse': {
    short: 'q',
    long: 'abbrev-ref short verify show-toplevel git-dir is-inside-work-tree show-prefix quiet symbolic-full-name',
  },
  'git rm': { short: 'rnq', long: 'cached dry-run quiet' },
  'git shortlog': { short: 'snec', long: 'summary numbered email since until all no-merges' },
  'git show': { ...gitShowLetters, long: gitShow },
  'git stash': {
    short: 'upqk',
    valued: 'm',
    long: 'include-untracked message keep-index quiet staged index stat',
  },
  'git status': {
    short: 'sbuvz',
    long: 'short branch porcelain long verbose ignored untracked-files show-stash ahead-behind no-renames',
  },
  'git switch': { short: 'cCqdt', long: 'create detach track no-track quiet' },
  'git tag': {
    short: 'aldn',
    valued: 'm',
    long: 'list annotate delete message sort contains merged points-at format',
  },
  'git whatchanged': { ...gitShowLetters, long: gitShow },
  go: {
    words:
      'v x n a run count race short timeout cover covermode coverpkg bench benchtime benchmem failfast parallel p ' +
      'tags json list shuffle skip fullpath m f e deps test trimpath mod cpu',
  },
  grep: {
    short: 'abcEFGhHiIlLnoPqrRsTuUvVwxyzZ',
    valued: 'ABCdDefm',
    long:
      'after-context before-context context color colour count extended-regexp fixed-strings files-with-matches ' +
      'files-without-match ignore-case include exclude exclude-dir invert-match line-number max-count no-filename ' +
      'only-matching perl-regexp quiet recursive regexp with-filename word-regexp line-regexp null text no-messages',
  },
  head: { short: 'qvz', valued: 'nc', long: 'lines bytes quiet verbose' },
  jq: {
    short: 'rcsSeMCjanR',
    long: 'raw-output compact-output slurp sort-keys exit-status arg argjson args jsonargs tab indent null-input',
  },
  ls: {
    short: '1aAbBcCdfFgGhHiklLmnNopqQrRsStuUvxXZ',
    valued: 'ITw',
    long:
      'all almost-all human-readable recursive reverse sort time time-style full-time color classify directory ' +
      'group-directories-first inode size si ignore hide',
  },
  make: {
    short: 'kinsSwqrRB',
    valued: 'jl',
    long:
      'jobs keep-going silent quiet dry-run just-print recon question always-make no-print-directory ' +
      'print-directory debug trace warn-undefined-variables no-builtin-rules version help',
  },
  md5sum: { short: 'bctz', long: 'check quiet status' },
  npm: {
    short: 'sDESPv',
    valued: 'w',
    long:
      'silent if-present workspace workspaces production omit include save-dev save-exact save-optional no-save ' +
      'no-audit no-fund ignore-scripts dry-run json depth all long parseable audit-level version',
    passesOn: true,
  },
  printf: {},
  ps: { short: 'aAdefFHjlLMuvwxyZ', valued: 'CGgopstU', long: 'forest sort no-headers' },
  pwd: { short: 'LP' },
  pytest: {
    short: 'vqxslV',
    valued: 'kmnr',
    long:
      'tb lf last-failed ff failed-first nf sw stepwise maxfail durations co collect-only no-header no-summary ' +
      'color verbose quiet exitfirst showlocals capture markers fixtures deselect ignore ignore-glob setup-show',
  },
  realpath: { short: 'emLPqsz' },
  readlink: { short: 'femnqsvz' },
  rg: {
    short: 'aciFhHIlLnNopPqsSTuUvVwx0',
    valued: 'ABCegdmMrtTj',
    long:
      'after-context before-context context count count-matches color colors column case-sensitive crlf files ' +
      'files-with-matches files-without-match fixed-strings follow glob iglob glob-case-insensitive heading ' +
      'no-heading hidden no-hidden ignore-case invert-match json line-number no-line-number max-count max-columns ' +
      'max-depth max-filesize multiline multiline-dotall no-ignore no-ignore-vcs null only-matching pcre2 ' +
      'passthru pretty quiet regexp replace smart-case sort sortr stats text threads trim type type-not type-list ' +
      'unrestricted vimgrep with-filename no-filename word-regexp line-regexp no-messages no-config',
  },
  sha256sum: { short: 'bctz', long: 'check quiet status' },
  sort: {
    short: 'bcdfghiMnRruVsz',
    valued: 'kt',
    long: 'numeric-sort reverse unique key field-separator human-numeric-sort version-sort ignore-case stable check',
  },
  stat: { short: 'Lft', valued: 'c', long: 'format printf terse dereference file-system' },
  tail: { short: 'qvzfF', valued: 'nc', long: 'lines bytes quiet verbose follow' },
  tr: { short: 'cCdst', long: 'delete squeeze-repeats complement' },
  tree: {
    short: 'adfhilnpqrstuCDFN',
    valued: 'LIP',
    long: 'dirsfirst noreport prune gitignore sort',
  },
  uname: { short: 'amnoprsv' },
  uniq: { short: 'cdDiuz', valued: 'fsw', long: 'count repeated unique ignore-case' },
  wc: { short: 'clLmw', long: 'lines words chars bytes max-line-length' },
  which: { short: 'as' },
};

/** Options of unlisted programs whose names suggest running, loading, writing or connecting. */
const suspectName =
  /exec|eval|command|cmd|shell|script|program|run|plugin|load|require|import|include|conf|rc\b|out|write|save|dump|export|record|log|trace|report|edit|pager|filter|hook|daemon|server|wrap|interp|lib|module|dir|file|dest|target|prefix|root|backup|in-?place|upload|post|send|data|proxy|host|url|pipe|helper|agent|browser|marks|socket|set|define|format|expr|code|init|cache|prof/i;
const suspectLetter = /[cCDdeEfFiIoOPprRwWxXLTMUSkK]/;
/** Text that a program could take for a command, as `make` takes `$(x)`. */
const suspectText = /\$[({]|`|^\||^!/;

/** Whether these arguments are harmless; undefined if the program is in no table. */
export function areHarmless(
  name: string,
  subcommand: string,
  args: readonly string[],
): boolean | undefined {
  const [options] = [`${name} ${subcommand}`, name].flatMap((key) =>
    Object.hasOwn(programs, key) ? [programs[key]] : [],
  );
  if (!options) return undefined;
  const separator = options.passesOn ? args.indexOf('--') : -1;
  const own = separator < 0 ? args : args.slice(0, separator);
  const passedOn = separator < 0 ? [] : args.slice(separator + 1);
  return own.every((arg) => isHarmless(options, arg)) && !passedOn.some(isSuspect);
}

/** Whether an unlisted program looks as if it could run or write something with this argument. */
export function isSuspect(argument: string): boolean {
  if (suspectText.test(argument)) return true;
  const [, dashes = '', name = ''] = /^(--?)([^=]*)/.exec(argument) ?? [];
  if (dashes === '' || name === '') return false;
  return suspectName.test(name) || (dashes === '-' && suspectLetter.test(name));
}

function isHarmless(options: HarmlessOptions, argument: string): boolean {
  const { short = '', valued = '', long = '', words } = options;
  if (!/^-./.test(argument) || argument === '--') return true;
  const [, word = ''] = /^--?([^=]*)/.exec(argument) ?? [];
  if (words !== undefined) return words.split(' ').includes(word);
  if (argument.startsWith('--')) return long.split(' ').includes(word);
  if (/^-\d+$/.test(argument)) return true;
  for (const letter of argument.slice(1)) {
    if (valued.includes(letter)) return true;
    if (!short.includes(letter)) return false;
  }
  return true;
}
