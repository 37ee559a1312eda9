import { createSpinner, toSafeText } from '@synapse/terminal';
import type { Answer, OneShotOutput } from '@synapse/app/conversation/answer';
import { createNotices } from '../output/notices.ts';
import { hintAtResume, type Streams } from '../output/resume-hint.ts';

export interface HeldOutputOptions extends Streams {
  isQuiet: boolean;
  notify: (text: string) => void;
  /** Returns the printed part of the whole answer. */
  pick: (answer: Answer) => string | Promise<string>;
}

/** Prints nothing until the answer is there, and then a part or a form of it. */
export function createHeldOutput(options: HeldOutputOptions): OneShotOutput {
  const { stdout, stderr, isQuiet, notify, pick } = options;
  const spinner = createSpinner({ terminal: stderr, details: () => ['Ctrl-C stops'] });
  const spin = () => {
    if (!isQuiet) spinner.start('waiting …');
  };
  return {
    begin: spin,
    event(event) {
      if (event.type === 'storage-failed') {
        spinner.stop();
        createNotices(stderr).warn(`THIS ANSWER IS NOT SAVED: ${event.error.message}`);
      } else if (event.type === 'notice') {
        spinner.stop();
        notify(event.text);
        spin();
      }
    },
    async end(answer, sessions) {
      spinner.stop();
      const text = await pick(answer);
      const shown = stdout.isTTY ? toSafeText(text) : text;
      stdout.write(shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`);
      await hintAtResume(answer, sessions, { stdout, stderr, notify });
    },
    async fail(run, sessions) {
      spinner.stop();
      await hintAtResume(run, sessions, { stdout, stderr, notify });
    },
  };
}
