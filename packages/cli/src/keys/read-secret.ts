import { StringDecoder } from 'node:string_decoder';
import { InvalidDataError, UsageError } from '@synapse/core';
import { currentInterrupt, SignalError } from '../output/interrupts.ts';

const LONGEST = 8192;

/** A secret from a prompt that shows nothing of it, or from piped input. */
export async function readSecret(prompt: string, stdin: NodeJS.ReadStream): Promise<string> {
  // Before the prompt, so that even a key pasted at once is not shown.
  const text = stdin.isTTY
    ? await withoutEcho(stdin, () => readHidden(prompt, stdin))
    : await readAll(stdin);
  const secret = text.replace(/^\uFEFF/, '').trim();
  if (secret === '') {
    throw new UsageError('No key was given.', {
      hint: 'Type it at the prompt, or pipe it in: synapse keys set <provider> < file',
    });
  }
  if (/[^\x21-\x7e]/.test(secret) || secret.length > LONGEST) {
    throw new InvalidDataError('The input contains characters that a key cannot have.', {
      hint: 'Copy the key again, without spaces, quotes and line breaks.',
    });
  }
  return secret;
}

/** Shows nothing of what is typed until `work` ends, also between two prompts of it. */
export async function withoutEcho<T>(stdin: NodeJS.ReadStream, work: () => Promise<T>): Promise<T> {
  const wasRaw = stdin.isRaw;
  stdin.setRawMode(true);
  try {
    return await work();
  } finally {
    stdin.setRawMode(wasRaw);
  }
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > LONGEST * 2) break;
  }
  return text;
}

function readHidden(prompt: string, stdin: NodeJS.ReadStream): Promise<string> {
  process.stderr.write(prompt);
  // Not setEncoding, which can't be undone: the line editor reads the same stream as bytes later.
  const decoder = new StringDecoder('utf8');
  const signal = currentInterrupt();
  let text = '';
  return new Promise<string>((resolve, reject) => {
    const finish = (end: () => void) => {
      signal?.removeEventListener('abort', interrupt);
      stdin.off('data', read);
      stdin.pause();
      process.stderr.write('\n');
      end();
    };
    const interrupt = () => finish(() => reject(signal?.reason as Error));
    const read = (bytes: Buffer) => {
      for (const character of decoder.write(bytes)) {
        if (character === '\u0003') {
          finish(() => reject(new SignalError(130)));
          return;
        }
        if (character === '\r' || character === '\n' || character === '\u0004') {
          finish(() => resolve(text));
          return;
        }
        text = character === '\u007f' || character === '\b' ? text.slice(0, -1) : text + character;
      }
    };
    signal?.addEventListener('abort', interrupt);
    stdin.on('data', read);
    stdin.resume();
  });
}
