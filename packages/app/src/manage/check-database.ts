import type { CheckFinding, StoreMaintenance } from '@synapse/core';
import type { ShowWork } from './copy-with-leases.ts';

/** Checks everything that is stored, and shows the progress. */
export async function checkDatabase(
  maintenance: StoreMaintenance,
  show: ShowWork,
): Promise<CheckFinding[]> {
  const { messageCount } = await maintenance.info();
  return show('checking messages', ({ onProgress, signal }) =>
    maintenance.check({ onProgress: (done) => onProgress(done, messageCount), signal }),
  );
}

export function describeFinding({ kind, sessionId, text }: CheckFinding): string {
  return `${kind}: ${text}${sessionId === null ? '' : ` (session ${sessionId})`}`;
}
