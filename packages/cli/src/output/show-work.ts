import { toShortNumber } from '@synapse/core/words';
import { createProgress, createSpinner } from '@synapse/terminal';
import type { ShowWork } from '@synapse/app/manage/copy-with-leases';
import { listenForInterrupts, type Interrupts } from './interrupts.ts';

/** Shows the progress of long work on a terminal. Ctrl-C ends work that takes the signal. */
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
