import { toSafeText } from '@synapse/terminal';

/** Notices about a result, which go to stderr. Every line is filtered for a terminal. */
export interface Notices {
  /** Reports what a person may want to know; prints nothing with --quiet. */
  notify: (text: string) => void;
  /** Reports what a person must know, such as an error or a loss; prints it with --quiet, too. */
  warn: (text: string) => void;
  /** Prints a line of a dialogue, without the name of the program, even with --quiet. */
  print: (text: string) => void;
}

export function createNotices(
  stream: Pick<NodeJS.WritableStream, 'write'>,
  { isQuiet = false } = {},
): Notices {
  const warn = (text: string) => {
    // Foreign text may have line breaks, and must not look like a notice of its own.
    const lines = toSafeText(text).replaceAll('\n', '\n  ');
    stream.write(`synapse: ${lines}\n`);
  };
  return {
    warn,
    notify: isQuiet ? () => undefined : warn,
    print: (text) => void stream.write(`${toSafeText(text)}\n`),
  };
}
