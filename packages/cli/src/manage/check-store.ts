import type { CheckFinding, StoreMaintenance } from '@synapse/core';
import { toShortNumber } from '@synapse/core/words';
import { createProgress } from '@synapse/terminal';
import { listenForInterrupts } from '../output/interrupts.ts';

/** Checks a whole store with a bar on a terminal, and stops at Ctrl-C. */
export async function checkStore(maintenance: StoreMaintenance): Promise<CheckFinding[]> {
  const { messageCount } = await maintenance.info();
  const progress = createProgress({
    label: 'checking messages',
    format: toShortNumber,
    terminal: process.stderr,
  });
  const interrupts = listenForInterrupts();
  try {
    return await maintenance.check({
      onProgress: (done) => progress.update(done, messageCount),
      signal: interrupts.signal,
    });
  } finally {
    interrupts.stop();
    progress.stop();
  }
}

export function describeFinding({ kind, sessionId, text }: CheckFinding): string {
  return `${kind}: ${text}${sessionId === null ? '' : ` (session ${sessionId})`}`;
}
