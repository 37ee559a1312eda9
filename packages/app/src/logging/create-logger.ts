import type { Logger } from '@synapse/core';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface LoggerOptions {
  file: string;
  level: LogLevel;
  format: 'text' | 'json';
  /** Also shows every line on this stream. */
  verbose: { write(line: string): unknown } | null;
  /** Values that must not get into the log, in addition to everything that looks like a key. */
  secrets: () => readonly string[];
}

const order = { error: 0, warn: 1, info: 2, debug: 3 };

/** Opens the file with the first line; most commands log nothing. */
export function createLogger(options: LoggerOptions): Logger {
  let sink: Promise<Logger> | undefined;
  const limit = options.verbose ? 'debug' : options.level;
  const log =
    (level: keyof typeof order) =>
    (fields: Record<string, unknown>, message: string): void => {
      if (limit === 'silent' || order[level] > order[limit]) return;
      sink ??= import('./log-sink.ts').then(({ openSink }) => openSink(options, limit));
      // If the log cannot be written, the answer must not fail.
      sink.then((logger) => logger[level](fields, message)).catch(() => undefined);
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
