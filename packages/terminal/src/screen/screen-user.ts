/** Uses part of a terminal for a while, and must leave it usable. */
export interface ScreenUser {
  /** Restores the terminal: the process ends, or stops and the shell takes over. */
  leave?(): void;
  /** Redraws at the cursor: the process continues, and another program has written since. */
  comeBack?(): void;
}

const users = new Set<ScreenUser>();

/** Notifies the user of Ctrl-Z, `fg` and the end, until the returned function is called. */
export function useScreen(user: ScreenUser): () => void {
  if (users.size === 0) process.on('SIGTSTP', stop).on('SIGCONT', comeBack).on('exit', leave);
  users.add(user);
  return () => {
    if (!users.delete(user) || users.size > 0) return;
    process.off('SIGTSTP', stop).off('SIGCONT', comeBack).off('exit', leave);
  };
}

/** Stops as if there were no listener; if no shell can continue the process, the system keeps it running. */
function stop(): void {
  leave();
  process.off('SIGTSTP', stop);
  process.kill(process.pid, 'SIGTSTP');
  if (users.size > 0) process.on('SIGTSTP', stop);
}

function leave(): void {
  for (const user of users) user.leave?.();
}

function comeBack(): void {
  for (const user of users) user.comeBack?.();
}
