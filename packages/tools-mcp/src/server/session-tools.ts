import { UsageError, type JsonObject } from '@synapse/core';
import type { SessionReader } from './session-reader.ts';

const MAX_TEXT_LENGTH = 1000;
const MAX_PAGE = 100;

interface SessionTool {
  name: string;
  description: string;
  inputSchema: { type: 'object' } & JsonObject;
  run(reader: SessionReader, input: Readonly<Record<string, unknown>>): Promise<JsonObject>;
}

const limit = { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 20 };
const cursor = { type: 'string', description: 'The nextCursor of the previous page.' };

/** The tools that Synapse offers to other agents; all of them only read. */
export const sessionTools: readonly SessionTool[] = [
  {
    name: 'search_sessions',
    description:
      'Searches the messages of earlier Synapse sessions and returns the matches, best first. ' +
      'All words must occur; "quoted words" must follow each other; -word excludes.',
    inputSchema: {
      type: 'object',
      properties: { query: { type: 'string' }, limit, cursor },
      required: ['query'],
      additionalProperties: false,
    },
    run: (reader, input) =>
      reader.search(requiredText(input, 'query'), pageSize(input), text(input, 'cursor')),
  },
  {
    name: 'list_sessions',
    description: 'Lists Synapse sessions, the most recently used first.',
    inputSchema: {
      type: 'object',
      properties: {
        text: {
          type: 'string',
          description: 'Text to find in the handle, the title or the preview.',
        },
        limit,
        cursor,
      },
      additionalProperties: false,
    },
    run: (reader, input) =>
      reader.list(text(input, 'text'), pageSize(input), text(input, 'cursor')),
  },
  {
    name: 'read_session',
    description:
      'Reads the messages of a Synapse session, the newest page first; pass nextBefore as ' +
      'before to get the previous page.',
    inputSchema: {
      type: 'object',
      properties: {
        session: {
          type: 'string',
          description: 'An id, the beginning of an id, a handle, a title, or last.',
        },
        limit,
        before: { type: 'integer', minimum: 1, description: 'Only messages with a smaller seq.' },
      },
      required: ['session'],
      additionalProperties: false,
    },
    async run(reader, input) {
      const reference = requiredText(input, 'session');
      const before = wholeNumber(input, 'before', Number.MAX_SAFE_INTEGER);
      const page = await reader.read(reference, pageSize(input), before);
      if (!page) throw new UsageError(`No session matches "${reference.slice(0, 80)}".`);
      return page;
    },
  },
];

function pageSize(input: Readonly<Record<string, unknown>>): number {
  return wholeNumber(input, 'limit', MAX_PAGE) ?? 20;
}

function text(input: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH || value.includes('\0')) {
    throw new UsageError(`"${key}" must be a text of at most ${MAX_TEXT_LENGTH} characters.`);
  }
  return value.toWellFormed();
}

function requiredText(input: Readonly<Record<string, unknown>>, key: string): string {
  const value = text(input, key)?.trim();
  if (!value) throw new UsageError(`"${key}" is missing or empty.`);
  return value;
}

function wholeNumber(
  input: Readonly<Record<string, unknown>>,
  key: string,
  max: number,
): number | undefined {
  const value = input[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
    throw new UsageError(`"${key}" must be a whole number from 1 to ${max}.`);
  }
  return value;
}
