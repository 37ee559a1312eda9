import { closeSync, fstatSync } from 'node:fs';

let isExpected = false;

/**
 * The terminal is gone, or may be. Node ends with an abort where it can't reset a terminal that it
 * began with; one that is closed it leaves alone.
 */
export function expectHangUp(): void {
  if (isExpected) return;
  isExpected = true;
  process.on('exit', () => {
    for (const stream of [0, 1, 2]) closeIfGone(stream);
  });
}

function closeIfGone(descriptor: number): void {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return;
    // Node has loaded it already if there was a terminal.
    const { isatty } = process.getBuiltinModule('node:tty');
    if (!isatty(descriptor)) closeSync(descriptor);
  } catch {
    // It is closed already.
  }
}
