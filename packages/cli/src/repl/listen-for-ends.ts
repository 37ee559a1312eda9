import type { ReplLoop } from './repl-loop.ts';

/**
 * Signals, and a terminal that is gone, end the conversation with all that was said saved; gives back
 * what ends the listening. An editor reads Ctrl-C as a key: a signal is then meant for whoever has
 * the terminal at the moment, or for the answer.
 */
export function listenForEnds(
  loop: Pick<ReplLoop, 'end' | 'interrupt'>,
  { isEditable }: { isEditable: boolean },
): () => void {
  const end = () => loop.end(143);
  const streams = [process.stdout, process.stderr];
  const others = streams.map((stream) => stream.listeners('error') as (() => void)[]);
  for (const stream of streams) stream.removeAllListeners('error').on('error', end);
  process.on('SIGTERM', end).on('SIGHUP', end);
  if (isEditable) process.on('SIGINT', loop.interrupt);
  return () => {
    process.off('SIGTERM', end).off('SIGHUP', end).off('SIGINT', loop.interrupt);
    for (const [index, stream] of streams.entries()) {
      stream.off('error', end);
      for (const listener of others[index] ?? []) stream.on('error', listener);
    }
  };
}
