import type { Buffer } from 'node:buffer';
import { createKeyDecoder } from './decode-keys.ts';
import type { KeyEvent } from './key-event.ts';
import type { TerminalInput } from './terminal.ts';

/** Calls once after so many milliseconds; the returned function cancels it. */
export type StartTimer = (run: () => void, ms: number) => () => void;

const sequenceTimeoutMs = 50;
/** Long enough for a bad line; without an end, a paste that lost its mark would eat Ctrl-C. */
const pasteTimeoutMs = 3000;

export const startTimer: StartTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Passes key events on, as many at once as arrived at once. */
export function createKeyPump(
  input: TerminalInput,
  start: StartTimer,
  onKeys: (events: readonly KeyEvent[]) => void,
) {
  const decoder = createKeyDecoder();
  let cancel: (() => void) | undefined;

  const onData = (bytes: Buffer) => {
    cancel?.();
    onKeys(decoder.push(bytes));
    if (decoder.pending === 'none') return;
    const ms = decoder.pending === 'paste' ? pasteTimeoutMs : sequenceTimeoutMs;
    cancel = start(() => onKeys(decoder.flush()), ms);
  };
  input.on('data', onData);
  return {
    close() {
      cancel?.();
      input.off('data', onData);
    },
  };
}
