import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WireDialect } from './wire-events.ts';

/** The events of one recorded answer, each as its line of JSON. */
export interface WireStream {
  name: string;
  dialect: WireDialect;
  lines: string[];
}

const ROOT = join(import.meta.dirname, '../../..');
const SUFFIX = '.chunks.txt';

/** Where recordings of the real services lie, on machines that have them. */
export const RECORDINGS_FOLDER = process.env.SYNAPSE_WIRE_DIR ?? join(ROOT, '..', 'shared', 'wire');
export const hasRecordings = existsSync(RECORDINGS_FOLDER);

/** The streams that are part of the project. */
export function fixtureStreams(dialect: WireDialect): WireStream[] {
  return readStreams(join(ROOT, 'test/fixtures/wire'), dialect);
}

/** The recordings, where there are any. */
export function recordedStreams(dialect: WireDialect): WireStream[] {
  return hasRecordings ? readStreams(RECORDINGS_FOLDER, dialect) : [];
}

function readStreams(folder: string, dialect: WireDialect): WireStream[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX) && dialectOf(file) === dialect)
    .flatMap((file) => {
      const lines = readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(withClosingBrace);
      const name = file.slice(0, -SUFFIX.length);
      return splitAnswers(lines).map((answer, index) => ({
        name: index === 0 ? name : `${name}, answer ${index + 1}`,
        dialect,
        lines: answer,
      }));
    });
}

function dialectOf(file: string): WireDialect {
  if (file.startsWith('anthropic-')) return 'anthropic';
  return file.startsWith('openai-responses-') ? 'openai-responses' : 'openai-chat';
}

/** One recording lost the last brace of its long lines. */
function withClosingBrace(line: string): string {
  try {
    JSON.parse(line);
    return line;
  } catch {
    return `${line}}`;
  }
}

/** One file may hold the answers of a whole turn, one behind the other. */
function splitAnswers(lines: readonly string[]): string[][] {
  const answers: string[][] = [];
  for (const line of lines) {
    const isFirst = /"type":"(?:message_start|response\.created)"/.test(line.slice(0, 60));
    if (isFirst || answers.length === 0) answers.push([]);
    answers.at(-1)?.push(line);
  }
  return answers;
}
