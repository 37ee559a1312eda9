import { createInterface } from 'node:readline/promises';
import type { Clock } from '@synapse/core';
import type { ApproverOptions } from '@synapse/core/conversation';
import { readingMs, useScreen, type Style } from '@synapse/terminal';
import { askApproval, type ApprovalScreen } from './ask-approval.ts';

export interface AskOptions {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  style: Style;
  clock: Pick<Clock, 'sleep'>;
  page: (text: string) => Promise<void>;
}

/** Shows what would run and asks on the terminal. */
export function createAsk({
  stdin,
  stderr,
  style,
  clock,
  page,
}: AskOptions): ApproverOptions['ask'] {
  return (question, signal) => {
    const screen: ApprovalScreen = {
      style,
      page,
      room: () => ({ columns: stderr.columns || 80, rows: (stderr.rows || 24) - 1 }),
      async ask(prompt, describe) {
        for (;;) {
          stderr.write(describe());
          await forgetTypedAhead(stdin, () => clock.sleep(readingMs, signal));
          const line = await readLine({ stdin, stderr }, prompt, signal);
          if (line !== stopped) return line;
        }
      },
    };
    return askApproval(question, screen, signal);
  };
}

const stopped = Symbol('the process was stopped meanwhile');

/** Null if the input has ended. */
async function readLine(
  { stdin, stderr }: Pick<AskOptions, 'stdin' | 'stderr'>,
  question: string,
  signal: AbortSignal,
): Promise<string | null | typeof stopped> {
  const prompt = createInterface({ input: stdin, output: stderr, terminal: false });
  let leaveScreen: () => void = () => undefined;
  try {
    const closed = new Promise<null>((resolve) => prompt.once('close', () => resolve(null)));
    const stop = new Promise<typeof stopped>((resolve) => {
      const end = () => resolve(stopped);
      leaveScreen = useScreen({ leave: end, comeBack: end });
    });
    return await Promise.race([prompt.question(question, { signal }), closed, stop]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    leaveScreen();
    prompt.close();
  }
}

const CTRL_C = '\u0003';

/** Keys typed before the question can be read do not answer it: waits until nothing is typed. */
async function forgetTypedAhead(
  stdin: NodeJS.ReadStream,
  wait: () => Promise<void>,
): Promise<void> {
  const typed = { count: 0 };
  const forget = (bytes: Buffer) => {
    typed.count += 1;
    if (bytes.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  // In raw mode, because otherwise the terminal holds back an unfinished line.
  stdin.setRawMode(true);
  stdin.on('data', forget);
  // An earlier question has paused it, and a listener alone does not resume it.
  stdin.resume();
  try {
    do {
      typed.count = 0;
      await wait();
    } while (typed.count > 0);
  } finally {
    stdin.off('data', forget);
    stdin.pause();
    stdin.setRawMode(false);
  }
}
