import { spawnSync } from 'node:child_process';

/** Put before a command, it runs it as process 1 of a pid namespace of its own, as a container does. */
export const ownNamespace = [
  ...['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'],
] as const;

/** Whether this machine lets a process have a pid namespace of its own. */
export function canBeContained(): boolean {
  const [unshare, ...flags] = ownNamespace;
  return spawnSync(unshare, [...flags, 'true']).status === 0;
}
