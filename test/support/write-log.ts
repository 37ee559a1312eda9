import { readFileSync } from 'node:fs';

/** What a process did to its files, in order, as strace has seen it. */
export type LoggedCall =
  | { kind: 'write'; path: string; offset: number; bytes: Buffer }
  | { kind: 'truncate'; path: string; size: number }
  | { kind: 'sync'; path: string }
  | { kind: 'remove'; path: string }
  | { kind: 'acknowledge'; id: string };

const LINE = /^(\d+) +(.*)$/;
const UNFINISHED = ' <unfinished ...>';
const RESUMED = /^<\.\.\. \w+ resumed>/;

/** From a log of `strace -f -y -xx`. A call counts when it has returned. */
export function readWriteLog(logPath: string): LoggedCall[] {
  const unfinished = new Map<string, string>();
  return readFileSync(logPath, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, thread = '', text = ''] = LINE.exec(line) ?? [];
      if (text.endsWith(UNFINISHED)) {
        unfinished.set(thread, text.slice(0, -UNFINISHED.length));
        return [];
      }
      return toCall(text.replace(RESUMED, () => unfinished.get(thread) ?? ''));
    });
}

function toCall(text: string): LoggedCall[] {
  const name = /^\w+/.exec(text)?.[0];
  const path = fromHex(/^\w+\(\d+<(.*?)>/.exec(text)?.[1]).toString();
  const bytes = fromHex(/"((?:\\x[0-9a-f]{2})*)"/.exec(text)?.[1]);
  switch (name) {
    case 'pwrite64':
      return [{ kind: 'write', path, bytes, offset: Number(/, (\d+)\) += \d+$/.exec(text)?.[1]) }];
    case 'ftruncate':
      return [{ kind: 'truncate', path, size: Number(/, (\d+)\)/.exec(text)?.[1]) }];
    case 'fsync':
    case 'fdatasync':
      return [{ kind: 'sync', path }];
    case 'unlink':
      return [{ kind: 'remove', path: bytes.toString() }];
    case 'write': {
      const id = /^ack (.*)\n$/.exec(bytes.toString())?.[1];
      return id === undefined ? [] : [{ kind: 'acknowledge', id }];
    }
    default:
      return [];
  }
}

function fromHex(text = ''): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}
