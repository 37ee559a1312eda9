import { createInterface } from 'node:readline';
import { emptyBuffer, insertText } from './edit-buffer.ts';
import { createKeyGuard } from './key-guard.ts';
import { startTimer, type StartTimer } from './key-pump.ts';
import type { LineReader, ReadResult } from './line-reader.ts';

export interface PlainReaderOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: { write(text: string): unknown };
  /** Whether a person is there to see a prompt and to answer a question. */
  readonly isTerminal: boolean;
  /** Ctrl-C between two reads; false if there is nothing to stop: then the next read gets it. */
  readonly onInterrupt: (key: 'ctrl-c') => boolean;
  /** Makes the error with which `read` rejects when a line is larger than 16 MiB. */
  readonly tooLong: () => Error;
  readonly process?: SignalSource;
  readonly startTimer?: StartTimer;
}

export interface SignalSource {
  on(event: 'SIGINT' | 'SIGCONT', listener: () => void): unknown;
  off(event: 'SIGINT' | 'SIGCONT', listener: () => void): unknown;
}

interface Read {
  prompt: string;
  question: (() => string) | undefined;
  resolve: (result: ReadResult) => void;
  reject: (error: Error) => void;
}

/** For input without redraw: pipes, files, dumb terminals. A backslash at the end continues the line. */
export function openPlainReader(options: PlainReaderOptions): LineReader {
  const { input, output, isTerminal, onInterrupt, tooLong } = options;
  const host = options.process ?? process;
  const guard = createKeyGuard(options.startTimer ?? startTimer);
  const lines = createInterface({ input, terminal: false, crlfDelay: Infinity });
  const stopWatching = watchLength(input, () => fail(tooLong()));
  const waiting: string[] = [];
  /** Typed before a question could be read. */
  const setAside: string[] = [];
  let started: string[] = [];
  let current: Read | undefined;
  let failure: Error | undefined;
  let isEnded = false;
  let isInterrupted = false;

  const ask = (prompt: string) => {
    if (isTerminal) output.write(prompt);
  };

  const resolve = (result: ReadResult) => {
    guard.cancel();
    const read = current;
    current = undefined;
    started = [];
    read?.resolve(result);
  };

  const take = (line: string) => {
    const isContinued = /(?<!\\)(\\\\)*\\$/.test(line);
    started.push(isContinued ? line.slice(0, -1) : line);
    if (isContinued) ask('… ');
    else resolve({ text: started.join('\n') });
  };

  const fail = (error: Error) => {
    failure = error;
    current?.reject(error);
    current = undefined;
    lines.close();
  };

  /** Lines are typed ahead until a person can have read the question. */
  const showQuestion = (question: () => string, prompt: string) => {
    printAbove(question());
    guard.begin(() => openAnswer(prompt));
  };

  const openAnswer = (prompt: string) => {
    setAside.push(...waiting.splice(0));
    ask(prompt);
    takeWaiting();
  };

  const takeWaiting = () => {
    if (guard.isOn) {
      if (isEnded) resolve('end');
      return;
    }
    for (let line; current !== undefined && (line = waiting.shift()) !== undefined;) take(line);
    if (current === undefined || !isEnded) return;
    resolve(started.length > 0 ? { text: started.join('\n') } : 'end');
  };

  const interrupt = () => {
    if (current === undefined) {
      isInterrupted = !onInterrupt('ctrl-c');
      return;
    }
    output.write('\n');
    if (started.length === 0) resolve('interrupt');
    else {
      started = [];
      ask(current.prompt);
    }
  };

  const printAbove = (text: string) => output.write(text.endsWith('\n') ? text : `${text}\n`);

  const continued = () => {
    if (current?.question) showQuestion(current.question, current.prompt);
  };

  lines.on('line', (line) => {
    guard.keyTyped();
    waiting.push(insertText(emptyBuffer, line).text);
    takeWaiting();
  });
  lines.on('close', () => {
    isEnded = true;
    takeWaiting();
  });
  host.on('SIGINT', interrupt);
  host.on('SIGCONT', continued);

  const reader: LineReader = {
    async read(prompt, { isQuestion = false, question } = {}) {
      // The next line of a script may not be meant as the answer.
      if (isQuestion && !isTerminal) return 'end';
      if (failure) throw failure;
      const result = await new Promise<ReadResult>((settle, reject) => {
        current = { prompt, question, resolve: settle, reject };
        if (question) showQuestion(question, prompt);
        else if (isQuestion) openAnswer(prompt);
        else ask(prompt);
        if (isInterrupted) interrupt();
        else takeWaiting();
        isInterrupted = false;
      });
      waiting.unshift(...setAside.splice(0));
      return result;
    },
    async choose({ prompt, question, answers }) {
      for (;;) {
        const result = await reader.read(prompt, { isQuestion: true, question });
        if (typeof result === 'string') return result;
        const word = result.text.trim().toLowerCase();
        const key = Object.keys(answers).find((one) => word === one || word === answers[one]);
        if (key !== undefined) return { text: key };
      }
    },
    printAbove,
    setStatus: () => undefined,
    // A script has sent its lines on purpose.
    takeBack: () => (isTerminal ? waiting.splice(0) : []),
    async handOver(run) {
      lines.pause();
      try {
        return await run();
      } finally {
        lines.resume();
      }
    },
    close() {
      host.off('SIGINT', interrupt);
      host.off('SIGCONT', continued);
      stopWatching();
      lines.close();
    },
  };
  return reader;
}

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Node's own reader of lines takes a line of any length. */
function watchLength(input: NodeJS.ReadableStream, onTooLong: () => void): () => void {
  let length = 0;
  const watch = (chunk: Buffer | string) => {
    const end = chunk.lastIndexOf('\n');
    length = end === -1 ? length + chunk.length : chunk.length - end;
    if (length > MAX_LINE_BYTES) onTooLong();
  };
  input.on('data', watch);
  return () => void input.off('data', watch);
}
