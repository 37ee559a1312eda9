/** Something that has part of a terminal for a while, and may not leave it as nobody could use it. */
export interface ScreenUser {
  /** Puts the terminal back as it was: the process ends, or stops and the shell has it. */
  leave?(): void;
  /** Draws anew where the cursor is: the process goes on, and somebody else has written since. */
  comeBack?(): void;
}

const users = new Set<ScreenUser>();

/** The user is told of Ctrl-Z, of `fg` and of the end until what this gives back is called. */
export function useScreen(user: ScreenUser): () => void {
  if (users.size === 0) process.on('SIGTSTP', stop).on('SIGCONT', comeBack).on('exit', leave);
  users.add(user);
  return () => {
    if (!users.delete(user) || users.size > 0) return;
    process.off('SIGTSTP', stop).off('SIGCONT', comeBack).off('exit', leave);
  };
}

/** Stops as if nobody had listened; where no shell could continue it, the system lets it go on. */
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
