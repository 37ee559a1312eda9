import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApproverOptions } from '@synapse/core';
import type { Style } from '@synapse/terminal';
import { approvalChoices, toApproval } from './approval-words.ts';
import { describeQuestion } from './describe-question.ts';

export interface AskOptions {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  style: Style;
}

/** Shows what would run and asks on the terminal. */
export function createAsk({ stdin, stderr, style }: AskOptions): ApproverOptions['ask'] {
  return async (question, signal) => {
    stderr.write(describeQuestion(question, style));
    await forgetTypedAhead(stdin);
    signal.throwIfAborted();
    const prompt = createInterface({ input: stdin, output: stderr, terminal: false });
    try {
      const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
      const asked = prompt.question(`Run it? ${approvalChoices(question)}: `, { signal });
      return toApproval(await Promise.race([asked, closed]), question);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      prompt.close();
    }
  };
}

const CTRL_C = '\u0003';
/** As long as the terminal takes to hand over what it holds. */
const SETTLE_MS = 20;

/** What was typed before the question was seen is no answer to it. */
async function forgetTypedAhead(stdin: NodeJS.ReadStream): Promise<void> {
  const forget = (bytes: Buffer) => {
    if (bytes.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  // Raw, or the terminal would keep a line that is not finished yet.
  stdin.setRawMode(true);
  stdin.on('data', forget);
  try {
    await sleep(SETTLE_MS);
  } finally {
    stdin.off('data', forget);
    stdin.pause();
    stdin.setRawMode(false);
  }
}
