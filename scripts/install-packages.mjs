// Installs what the lockfile names.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { headerVariables } from './node-headers.mjs';

/** `run(command, args, options)` ends the process when the command fails. */
export function installPackages(root, run, environment = process.env) {
  // Native parts can't be compiled below a folder with a space in its name: make splits it.
  if (/\s/.test(root)) installElsewhere(root, run, environment);
  else install(root, run, environment);
}

function install(folder, run, environment) {
  const [command, isShell] = process.platform === 'win32' ? ['npm.cmd', true] : ['npm', false];
  const { stdout } = spawnSync(command, ['config', 'get', 'nodedir', 'disturl', 'dist-url'], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    shell: isShell,
  });
  run(command, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    isShell,
    environment: { ...environment, ...headerVariables(stdout ?? '') },
  });
}

/** All links within node_modules are relative, so the whole folder can be made in another place. */
function installElsewhere(root, run, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-install-'));
  try {
    for (const name of ['package.json', 'package-lock.json', '.npmrc', ...workspaces(root)]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    install(folder, run, environment);
    rmSync(join(root, 'node_modules'), { recursive: true, force: true });
    for (const name of nodeModules(folder)) {
      cpSync(join(folder, name), join(root, name), { recursive: true, verbatimSymlinks: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm needs this of each package: its dependencies and its commands. */
function workspaces(root) {
  const folders = [
    'config',
    'test',
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
  ];
  return folders
    .flatMap((name) => [`${name}/package.json`, `${name}/bin`])
    .filter((name) => existsSync(join(root, name)));
}

/** The common node_modules and those of packages that need another version than the others. */
function nodeModules(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const own = Object.keys(packages).map(
    (name) => /^(?!node_modules)(.*?\/node_modules)\//.exec(name)?.[1],
  );
  return ['node_modules', ...new Set(own)].filter((name) => name && existsSync(join(folder, name)));
}
