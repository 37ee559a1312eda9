import { existsSync } from 'node:fs';

const MEMORY_KIB = 4 * 1024 * 1024;
const MAX_PROCESSES = 1024;

/**
 * A command line for a shell, within limits. The memory limit counts written memory, not addresses,
 * because some programs reserve more addresses than the machine has memory. Processes are counted
 * only within the sandbox; outside, other processes of the same user would count.
 */
export function withLimits(line: string, isSandboxed: boolean): string[] {
  const shell = findBash() ?? '/bin/sh';
  const limits = [
    `ulimit -d ${MEMORY_KIB}`,
    'ulimit -c 0',
    ...(isSandboxed ? [`ulimit -u ${MAX_PROCESSES}`] : []),
  ];
  const setUp = limits.map((limit) => `${limit} 2>/dev/null`).join('; ');
  return [shell, '-c', `${setUp}; exec "$0" -c "$1"`, shell, line];
}

/**
 * A command that does not inherit files from the process that started this one. Node opens its own
 * files so that children don't inherit them, but the program that started Node may not have.
 */
export function withClosedFiles(
  command: readonly string[],
  lastKept: 2 | 3 = 2,
): readonly string[] {
  const bash = findBash();
  if (bash === undefined) return command;
  const kept = lastKept === 3 ? '0|1|2|3' : '0|1|2';
  const close =
    'for file in /proc/self/fd/* /dev/fd/*; do file=${file##*/}; ' +
    `case $file in ${kept}|*[!0-9]*) ;; *) eval "exec $file>&-" ;; esac; done`;
  return [bash, '-c', `${close}; exec "$@"`, bash, ...command];
}

function findBash(): string | undefined {
  return ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path));
}
