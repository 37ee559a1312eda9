/**
 * Names with a special meaning: keys that no tool should read, and files that some program runs or
 * obeys as soon as they exist. They are guarded by name, even before they exist.
 */

const secretFolders = words(
  '.ssh .gnupg .aws .azure .kube .docker .password-store .mozilla .thunderbird keychains keyrings ' +
    'gcloud google-chrome chromium bravesoftware microsoft-edge',
);

const secretFiles =
  /^(\.env(\..+)?|\.envrc|\.netrc|_netrc|\.pgpass|\.git-credentials|\.pypirc|\.htpasswd|\.vault-token|\.my\.cnf|id_(rsa|dsa|ecdsa|ed25519)(_sk)?|.*\.(key|ppk|p12|pfx|jks|keystore|kdbx|kdb)|.*key.*\.pem|.*\.tfstate|credentials\.tfrc\.json|application_default_credentials\.json|login data|logins\.json|key[34]\.db|shadow-?|gshadow-?|\.s3cfg|\.boto|rclone\.conf|\.[a-z_]+_history|\.terraformrc)$/;

const harmlessTwins = /^\.env\.(example|sample|template|dist|defaults)$/;

const guardedFolders = words(
  '.git .hg .svn .bzr .jj .synapse .vscode .idea .fleet .zed .cursor .claude .gemini .codex .opencode .agents .devcontainer ' +
    '.direnv .husky .githooks .git-hooks .lefthook .windsurf .clinerules .ssh cron.d cron.daily cron.hourly autostart systemd launchagents launchdaemons',
);

const guardedFiles = words(
  '.gitconfig .gitmodules .git .mcp.json .synapseignore .bashrc .bash_profile .bash_login .bash_logout ' +
    '.bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout .kshrc .cshrc .tcshrc .login ' +
    '.inputrc .xprofile .xinitrc .xsession .xsessionrc config.fish .ripgreprc .vimrc .exrc .nvimrc ' +
    '.gvimrc .emacs .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pypirc .wgetrc .curlrc .screenrc ' +
    '.tmux.conf .gdbinit .lldbinit .pythonrc authorized_keys crontab ld.so.preload .envrc .tool-versions ' +
    '.mise.toml mise.toml lefthook.yml .lefthook.yml .pre-commit-config.yaml agents.md claude.md ' +
    'claude.local.md gemini.md .cursorrules .windsurfrules .goosehints copilot-instructions.md',
);

/** Names at the top of a folder that some program obeys without asking: none may be created. */
export const forbiddenAtRoot = [
  '.git',
  '.synapse',
  '.mcp.json',
  '.vscode',
  '.idea',
  '.envrc',
  '.gitmodules',
];

/** Whether a name at the top of a folder must not be created. */
export function isForbiddenAtRoot(name: string): boolean {
  return forbiddenAtRoot.includes(comparable(name));
}

/**
 * Whether a program obeys a file with this name at the top of a folder; `systemd` is an ordinary
 * folder there.
 */
export function isGuardedAtRoot(name: string): boolean {
  return isGuardedName(name) && /^\.|\.(md|yml|toml)$/i.test(comparable(name));
}

/** All such names as they are usually written. */
export function guardedAtRoot(): string[] {
  const upperCase = ['AGENTS.md', 'CLAUDE.md', 'CLAUDE.local.md', 'GEMINI.md'];
  return [...guardedFolders, ...guardedFiles, ...upperCase].filter(isGuardedAtRoot);
}

/** Whether an absolute path leads to a secret file. */
export function isSecretName(relativePath: string): boolean {
  const segments = relativePath.split(/[\\/]/).map(comparable);
  const name = segments.at(-1) ?? '';
  if (segments.some((segment) => secretFolders.has(segment))) return true;
  // Contains addresses of remotes and headers for them, which may include passwords.
  if (segments.includes('.git') && /^config(\.worktree)?$/.test(name)) return true;
  return secretFiles.test(name) && !harmlessTwins.test(name) && !name.endsWith('.pub');
}

/** Whether a path leads to a file that must not be written. */
export function isGuardedName(relativePath: string): boolean {
  const segments = relativePath.split(/[\\/]/).map(comparable);
  const name = segments.at(-1) ?? '';
  const isOfCopilot = segments.some(
    (segment, index) =>
      segment === '.github' &&
      /^(agents|prompts|skills|instructions)$/.test(segments[index + 1] ?? ''),
  );
  return (
    isOfCopilot || segments.some((segment) => guardedFolders.has(segment)) || guardedFiles.has(name)
  );
}

/** The name as the most lenient file system reads it: case, trailing dots, streams, short names. */
function comparable(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
    .replace(/^git~\d$/, '.git');
}

function words(text: string): Set<string> {
  return new Set(text.split(' '));
}
