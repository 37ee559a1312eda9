import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { asideSuffix } from '../sandbox/newcomers.ts';

/** By when Synapse itself has ended a command that was given so long. */
const GRACE_SECONDS = 3;
const PATH = '/usr/bin:/bin:/run/current-system/sw/bin';

/**
 * A shell that waits for a word of Synapse and does what Synapse cannot do any more when it was
 * killed or stopped. What it reads ends with Synapse, whatever ends that.
 */
const script = `
marker=$0 seconds=$1 suffix=$2; shift 2
read -r group || exit
end() {
  kill -KILL "-$group"
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
  /** A value of the environment by which descendants are found that have left the process group. */
  marker: string;
  timeoutSeconds: number;
  /** Paths that are put aside if they exist when Synapse was killed. */
  mustNotAppear: readonly string[];
}

export interface Watchdog {
  /** The process group to end. */
  guard(group: number): void;
  /** The command is over and everything is cleaned up. */
  dismiss(): void;
}

/**
 * Ends a command at its time whatever has become of Synapse, and with Synapse when that is killed. It
 * is in no sandbox, so that no command can end it.
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
    // What ends the group of Synapse, as a closed terminal does, must not end this.
    detached: true,
  });
  child.unref();
  // Without it the command runs as it did, and Synapse ends it.
  child.on('error', () => undefined);
  const input: Writable = child.stdin;
  input.on('error', () => undefined);
  return {
    guard: (group) => void input.write(`${group}\n`),
    dismiss: () => void input.end('over\n'),
  };
}
