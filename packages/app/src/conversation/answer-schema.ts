import { basename, extname } from 'node:path';
import {
  dereference,
  Validator,
  type OutputUnit,
  type Schema,
  type SchemaDraft,
} from '@cfworker/json-schema';
import {
  clipText,
  InvalidDataError,
  type JsonObject,
  type JsonValue,
  type OutputSchema,
} from '@synapse/core';
import { readFileLimited } from '../attachments/read-file.ts';
import { decodeText } from '../attachments/decode-text.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_PROBLEMS = 5;

export type CheckedAnswer = { data: JsonValue } | { problems: string[] };

/** The schema that an answer must fit. */
export interface AnswerSchema {
  output: OutputSchema;
  check(text: string): CheckedAnswer;
}

export async function readAnswerSchema(path: string): Promise<AnswerSchema> {
  const schema = parseSchema(path, decodeText(await readFileLimited(path, MAX_BYTES)));
  // A copy, because the validator modifies its input.
  const own = structuredClone(schema) as Schema;
  requireReferences(path, own);
  const validator = new Validator(own, draftOf(schema), false);
  return {
    output: { name: nameOf(path), schema },
    check(text) {
      let data: JsonValue;
      try {
        data = JSON.parse(unwrap(text)) as JsonValue;
      } catch {
        return { problems: ['it is not JSON'] };
      }
      const { valid, errors } = validator.validate(data);
      return valid ? { data } : { problems: deepest(errors) };
    },
  };
}

function parseSchema(path: string, text: string | undefined): JsonObject {
  let schema: unknown;
  try {
    schema = JSON.parse(text ?? '');
  } catch (error) {
    throw notSchema(path, 'it is not JSON', error);
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw notSchema(path, 'it is not an object');
  }
  return schema as JsonObject;
}

/**
 * The draft that the schema names decides the meaning of its keywords; the default is the newest
 * draft.
 */
function draftOf({ $schema }: JsonObject): SchemaDraft {
  const named = typeof $schema === 'string' ? $schema : '';
  if (/draft-0?[34]\b/.test(named)) return '4';
  if (/draft-0?[67]\b/.test(named)) return '7';
  return named.includes('2019-09') ? '2019-09' : '2020-12';
}

function requireReferences(path: string, schema: Schema): void {
  let known: ReturnType<typeof dereference>;
  try {
    known = dereference(schema);
  } catch (error) {
    throw notSchema(path, (error as Error).message, error);
  }
  for (const part of Object.values(known)) {
    if (typeof part === 'boolean' || part.__absolute_ref__ === undefined) continue;
    if (!Object.hasOwn(known, part.__absolute_ref__)) {
      throw notSchema(path, `the reference "${part.$ref ?? ''}" points to nothing`);
    }
  }
}

function notSchema(path: string, why: string, cause?: unknown): InvalidDataError {
  return new InvalidDataError(`"${path}" is not a JSON Schema: ${clipText(why, 200)}.`, { cause });
}

/** Providers accept letters, digits, _ and -. */
function nameOf(path: string): string {
  const name = basename(path, extname(path)).replaceAll(/[^\w-]+/g, '_');
  return name.slice(0, 64) || 'answer';
}

/** Models that can't enforce JSON often put it into a code block. */
function unwrap(text: string): string {
  return /^\s*```(?:json)?[ \t]*\n([^]*)\n```\s*$/.exec(text)?.[1] ?? text;
}

/** The deepest error is the cause; those around it only report that something inside is wrong. */
function deepest(errors: readonly OutputUnit[]): string[] {
  const isCause = (unit: OutputUnit) =>
    !errors.some(
      (other) => other !== unit && other.keywordLocation.startsWith(`${unit.keywordLocation}/`),
    );
  const lines = errors.filter(isCause).map(({ instanceLocation, error }) => {
    const place = instanceLocation.replace(/^#\/?/, '/');
    return `${place}: ${clipText(error, 160)}`;
  });
  return [...new Set(lines)].slice(0, MAX_PROBLEMS);
}
