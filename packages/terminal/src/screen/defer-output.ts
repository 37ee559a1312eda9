import type { Writable } from 'node:stream';

let holderCount = 0;
const waiting: (() => void)[] = [];

/** Defers all output that can wait, until the returned function is called. */
export function deferOutput(): () => void {
  const { stdout, stderr } = process;
  if (!stdout.isTTY || !stderr.isTTY) return () => undefined;
  holderCount += 1;
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    holderCount -= 1;
    if (holderCount === 0) for (const write of waiting.splice(0)) write();
  };
}

/** Lines for the stream that wait while they are held. */
export function createDeferredLines(stream: Pick<Writable, 'write'>): {
  write(line: string): void;
} {
  return {
    write(line) {
      if (holderCount === 0) stream.write(line);
      else waiting.push(() => stream.write(line));
    },
  };
}
