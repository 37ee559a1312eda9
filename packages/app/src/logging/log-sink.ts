import { chmodSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type JsonObject, type Logger, redactJson, redactSecrets } from '@synapse/core';
import pino from 'pino';
import type { LoggerOptions, LogLevel } from './create-logger.ts';

/** Opens the log with pino, which is loaded only when a line is written. */
export function openSink(options: LoggerOptions, limit: LogLevel): Logger {
  const { file, format, verbose, secrets } = options;
  const streams: NonNullable<LoggerOptions['verbose']>[] = verbose ? [verbose] : [];
  try {
    prepareLogFile(file);
    streams.push(pino.destination({ dest: file, sync: true, append: true, mode: 0o600 }));
  } catch {
    // Even without a file, --verbose shows the lines.
  }
  const write = (line: string) => {
    const redact = (text: string) => redactSecrets(text, secrets());
    // Redacts field by field, so that a line of JSON stays one, and secrets with JSON escapes are
    // found.
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
  // Not the instance itself, whose type is too complex for the value of a promise.
  return { debug: bound('debug'), info: bound('info'), warn: bound('warn'), error: bound('error') };

  function bound(level: Exclude<LogLevel, 'silent'>) {
    return logger[level].bind(logger);
  }
}

const MAX_BYTES = 5_000_000;
const KEPT_FILES = 3;

/** Makes sure the log can be appended to by its owner alone, and moves a full one out of the way. */
function prepareLogFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const stats = statSync(file, { throwIfNoEntry: false });
  // Opening it would wait for a reader, and writing to it could wait forever.
  if (stats?.isFIFO()) throw new Error('The log file is a named pipe.');
  // A device such as /dev/null or /dev/stderr: its mode must stay as it is.
  if (!stats?.isFile()) return;
  chmodSync(file, 0o600);
  if (stats.size < MAX_BYTES) return;
  for (let number = KEPT_FILES - 1; number >= 0; number--) {
    const from = number === 0 ? file : `${file}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${file}.${number + 1}`);
  }
}

const names: Record<number, string> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };

/** Turns a line of JSON into text for people: time, level, message, then the fields. */
function formatLine(line: string): string {
  const { time, level, msg, pid, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `${String(time)} ${names[Number(level)] ?? String(level)} [${String(pid)}] ${String(msg)}${rest.join('')}\n`;
}
