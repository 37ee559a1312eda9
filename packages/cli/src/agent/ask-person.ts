import { once } from 'node:events';
import { UsageError } from '@synapse/core';
import type { ApproverOptions } from '@synapse/core/conversation';
import type { Style } from '@synapse/terminal';
import { createMemoryHistory, openLineReader } from '@synapse/terminal/editor';
import { askApproval } from './ask-approval.ts';

export interface AskOptions {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  style: Style;
  page: (text: string) => Promise<void>;
}

/** Shows what would run and asks on the terminal, which belongs to the question until it is answered. */
export function createAsk({
  stdin,
  stderr,
  environment,
  style,
  page,
}: AskOptions): ApproverOptions['ask'] {
  return async (question, signal) => {
    const reader = openLineReader({
      ...{ input: stdin, output: stderr, environment, style, isPlain: false },
      history: createMemoryHistory(),
      onInterrupt: () => false,
      onWarning: () => undefined,
      tooLong: () => new UsageError('The answer is larger than 16 MiB.'),
    });
    const close = () => reader.close();
    signal.addEventListener('abort', close);
    try {
      const room = () => ({ columns: stderr.columns || 80, rows: (stderr.rows || 24) - 1 });
      // As if the terminal had sent it: raw mode turns Ctrl-C into a key.
      const interrupt = async () => {
        const aborted = once(signal, 'abort');
        process.kill(process.pid, 'SIGINT');
        await aborted;
      };
      const pageFor = (text: string) => reader.handOver(() => page(text));
      return await askApproval(question, { style, room, reader, interrupt, page: pageFor }, signal);
    } finally {
      signal.removeEventListener('abort', close);
      reader.close();
    }
  };
}
