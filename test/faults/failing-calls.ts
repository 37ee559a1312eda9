import { withDatabase } from '../support/fault-place.ts';
import { runFaultProcess, straceOf } from '../support/fault-process.ts';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

const CALLS = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'openat', 'unlink'];
const ERRORS = ['EIO', 'ENOSPC', 'EDQUOT', 'EMFILE'];

/** A3: each system call on the database fails once, or from then on; what was said to be stored is. */
export const failingCalls: Fault = {
  id: 'A3',
  what: 'the k-th write, sync, truncate, open or unlink fails, once or for ever',
  needs: ['strace'],
  run: async (tier, seed) => {
    const random = randomFrom(seed);
    const faults = CALLS.flatMap((call) =>
      ERRORS.flatMap((error) =>
        Array.from({ length: 40 }, (_, k) => [`${k + 1}`, `${k + 1}+`]).flatMap((whens) =>
          whens.map((when) => `inject=${call}:error=${error}:when=${when}`),
        ),
      ),
    ).sort(() => random() - 0.5);
    const total = { runs: 0, refused: 0, lost_acked: 0, unexpected: 0, damaged: 0 };
    for (const fault of faults.slice(0, scaled(tier, 12, 400, faults.length))) {
      const figures = await failOnce(fault);
      total.runs += 1;
      total.refused += figures.refused;
      total.lost_acked += figures.lost;
      total.unexpected += figures.unexpected;
      total.damaged += figures.damaged;
    }
    return total;
  },
  holds: ({ refused, lost_acked, unexpected, damaged }) =>
    refused! > 0 && lost_acked === 0 && unexpected === 0 && damaged === 0,
};

function failOnce(fault: string) {
  return withDatabase(async ({ path, sessionId }) => {
    const wrapper = straceOf(path, '-e', `trace=${CALLS.join(',')}`, '-e', fault);
    const task = { job: 'append', path, sessionId, count: 12 } as const;
    const outcome = await runFaultProcess(task, wrapper);
    const inspection = await inspectDatabase(path, sessionId);
    return {
      refused: outcome.errors.length,
      lost: countLost(outcome.acknowledged, inspection),
      unexpected: outcome.unexpected.length,
      damaged: inspection.findings.length,
    };
  });
}
