import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { asideSuffix } from '../sandbox/new-file-watch.ts';

/** The time by which Synapse itself has stopped a command with this limit. */
const GRACE_SECONDS = 3;
const PATH = '/usr/bin:/bin:/run/current-system/sw/bin';

/**
 * A shell that waits for input from Synapse, and cleans up if Synapse was killed or stopped. Its
 * input ends when Synapse ends, for any reason. Without a group, Synapse was killed just after the
 * command had started: its processes still have the marker.
 */
const script = `
marker=$0 seconds=$1 suffix=$2; shift 2
read -r group || group=
[ "$group" != over ] || exit
end() {
  [ -z "$group" ] || kill -KILL "-$group"
  for file in /proc/[0-9]*/environ; do
    grep -qsF "$marker" "$file" || continue
    id=\${file#/proc/}; kill -KILL "\${id%/environ}"
  done
}
put_aside() {
  for path do
    if [ -e "$path" ] || [ -L "$path" ]; then mv -f -- "$path" "$path$suffix"; fi
  done
}
(sleep "$seconds"; end) </dev/null &
if read -r over; then kill -KILL 0; fi
end; put_aside "$@"
sleep 1
end; put_aside "$@"
kill -KILL 0
`;

export interface WatchdogOptions {
  /** An environment value that identifies descendants that left the process group. */
  marker: string;
  timeoutSeconds: number;
  /** Paths to move aside if they exist when Synapse was killed. */
  mustNotAppear: readonly string[];
}

export interface Watchdog {
  /** The process group to kill. */
  guard(group: number): void;
  /** The command has ended and everything is cleaned up. */
  dismiss(): void;
}

/**
 * Kills a command at its time limit even if Synapse hangs, and also when Synapse is killed. It runs
 * outside of the sandbox, so that no command can kill it.
 */
export function startWatchdog({
  marker,
  timeoutSeconds,
  mustNotAppear,
}: WatchdogOptions): Watchdog {
  const seconds = String(timeoutSeconds + GRACE_SECONDS);
  const child = spawn('/bin/sh', ['-c', script, marker, seconds, asideSuffix(), ...mustNotAppear], {
    cwd: '/',
    env: { PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
    // A signal to Synapse's process group, as from a closed terminal, must not end the watchdog.
    detached: true,
  });
  child.unref();
  // Without a watchdog, the command still runs, and Synapse stops it.
  child.on('error', () => undefined);
  const input: Writable = child.stdin;
  input.on('error', () => undefined);
  return {
    guard: (group) => void input.write(`${group}\n`),
    dismiss: () => void input.end('over\n'),
  };
}
