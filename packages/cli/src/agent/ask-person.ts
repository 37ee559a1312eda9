import { createInterface } from 'node:readline/promises';
import type { ApprovalAnswer, ApproverOptions } from '@synapse/core';
import { toVisibleText } from '../render/visible-text.ts';
import type { Style } from '../render/style.ts';
import { describeQuestion } from './describe-question.ts';

export interface AskOptions {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  style: Style;
}

const answers: Readonly<Record<string, ApprovalAnswer>> = {
  y: 'once',
  yes: 'once',
  s: 'session',
  session: 'session',
  a: 'always',
  always: 'always',
};

/** Shows what would run and asks on the terminal; whatever is no clear yes is a no. */
export function createAsk({ stdin, stderr, style }: AskOptions): ApproverOptions['ask'] {
  return async (question, signal) => {
    stderr.write(describeQuestion(question, style));
    const canRemember = question.rules.length > 0;
    const choices = canRemember
      ? `[y]es, [s]ession and [a]lways (${question.rules.map(toVisibleText).join(', ')}), [N]o`
      : '[y]es, [N]o';
    const prompt = createInterface({ input: stdin, output: stderr, terminal: false });
    try {
      const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
      const asked = prompt.question(`Run it? ${choices}: `, { signal });
      const answer = answers[(await Promise.race([asked, closed])).trim().toLowerCase()] ?? 'no';
      return canRemember || answer === 'no' ? answer : 'once';
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      prompt.close();
    }
  };
}
