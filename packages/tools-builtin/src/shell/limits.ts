import { existsSync } from 'node:fs';

const MEMORY_KIB = 4 * 1024 * 1024;
const MAX_PROCESSES = 1024;

/**
 * A command line as a shell runs it, within limits. Memory is limited by what is written to, not by
 * addresses, of which some programs reserve more than there is. Processes are counted within the
 * sandbox alone; outside, others of the same person would count.
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
 * A command that does not inherit what this process was itself started with: Node opens files so
 * that children don't get them, but whoever started Node may not have.
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
