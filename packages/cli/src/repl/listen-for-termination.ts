import { expectHangUp } from '../output/hang-up.ts';
import type { ReplLoop } from './repl-loop.ts';

/**
 * Signals and a lost terminal end the conversation, with all messages stored; returns
 * the function that stops listening. An editor reads Ctrl-C as a key: a signal is then meant for the program that has
 * the terminal at the moment, or for the answer.
 */
export function listenForTermination(
  loop: Pick<ReplLoop, 'end' | 'interrupt'>,
  { isEditable }: { isEditable: boolean },
): () => void {
  const end = () => loop.end(143);
  const hangUp = () => {
    expectHangUp();
    end();
  };
  const streams = [process.stdout, process.stderr];
  const others = streams.map((stream) => stream.listeners('error') as (() => void)[]);
  for (const stream of streams) stream.removeAllListeners('error').on('error', hangUp);
  process.on('SIGTERM', end).on('SIGHUP', hangUp);
  if (isEditable) process.on('SIGINT', loop.interrupt);
  return () => {
    process.off('SIGTERM', end).off('SIGHUP', hangUp).off('SIGINT', loop.interrupt);
    for (const [index, stream] of streams.entries()) {
      stream.off('error', hangUp);
      for (const listener of others[index] ?? []) stream.on('error', listener);
    }
  };
}
