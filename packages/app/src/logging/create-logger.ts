import { type JsonObject, type Logger, redactJson, redactSecrets } from '@synapse/core';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export interface LoggerOptions {
  file: string;
  level: LogLevel;
  format: 'text' | 'json';
  /** Shows every line there too. */
  verbose: { write(line: string): unknown } | null;
  /** Values that must not get into the log, besides all that look like keys. */
  secrets: () => readonly string[];
}

const order = { error: 0, warn: 1, info: 2, debug: 3 };

/** Opens the file when the first line is due; most commands have nothing to say. */
export function createLogger(options: LoggerOptions): Logger {
  let sink: Promise<Logger> | undefined;
  const limit = options.verbose ? 'debug' : options.level;
  const log =
    (level: keyof typeof order) =>
    (fields: Record<string, unknown>, message: string): void => {
      if (limit === 'silent' || order[level] > order[limit]) return;
      sink ??= openSink(options, limit);
      // A log that can't be written costs nobody their answer.
      sink.then((logger) => logger[level](fields, message)).catch(() => undefined);
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

async function openSink(options: LoggerOptions, limit: LogLevel): Promise<Logger> {
  const { default: pino } = await import('pino');
  const { prepareLogFile } = await import('./prepare-log-file.ts');
  const { formatLine } = await import('./format-line.ts');
  const { file, format, verbose, secrets } = options;
  const streams: NonNullable<LoggerOptions['verbose']>[] = verbose ? [verbose] : [];
  try {
    prepareLogFile(file);
    streams.push(pino.destination({ dest: file, sync: true, append: true, mode: 0o600 }));
  } catch {
    // What --verbose shows is shown all the same.
  }
  const write = (line: string) => {
    const redact = (text: string) => redactSecrets(text, secrets());
    // Field by field, so that a line of JSON stays one, and a secret is found that JSON writes with escapes.
    const redacted =
      format === 'json'
        ? `${JSON.stringify(redactJson(JSON.parse(line) as JsonObject, redact))}\n`
        : redact(formatLine(line));
    for (const stream of streams) stream.write(redacted);
  };
  const serializers = { error: pino.stdSerializers.err };
  const logger = pino(
    {
      level: limit,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers,
    },
    { write },
  );
  // Not the instance itself, whose type is too rich to be the value of a promise.
  return { debug: bound('debug'), info: bound('info'), warn: bound('warn'), error: bound('error') };

  function bound(level: keyof typeof order) {
    return logger[level].bind(logger);
  }
}
