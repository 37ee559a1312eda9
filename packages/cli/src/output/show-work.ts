import { toShortNumber } from '@synapse/core/words';
import { createProgress, createSpinner } from '@synapse/terminal';
import type { ShowWork } from '@synapse/app/manage/copy-with-leases';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';

/** Shows on a terminal how far something long has come. Work that takes the signal is ended by Ctrl-C. */
export const showWork: ShowWork = async (label, work) => {
  const terminal = process.stderr;
  const spinner = createSpinner({ terminal });
  const progress = createProgress({ label, format: toShortNumber, terminal });
  let interrupts: Interrupts | undefined;
  spinner.start(label);
  try {
    return await work({
      onProgress(done, total) {
        spinner.stop();
        progress.update(done, total);
      },
      get signal() {
        interrupts ??= listenForInterrupts();
        return interrupts.signal;
      },
    });
  } finally {
    interrupts?.stop();
    spinner.stop();
    progress.stop();
  }
};
