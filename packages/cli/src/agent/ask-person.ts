import { createInterface } from 'node:readline/promises';
import type { ApproverOptions } from '@synapse/core';
import type { Style } from '../render/style.ts';
import { approvalPrompt, toApproval } from './approval-words.ts';
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
    const prompt = createInterface({ input: stdin, output: stderr, terminal: false });
    try {
      const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
      const asked = prompt.question(approvalPrompt(question), { signal });
      return toApproval(await Promise.race([asked, closed]), question);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      prompt.close();
    }
  };
}
