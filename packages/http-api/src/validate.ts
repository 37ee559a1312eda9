import { clipText } from '@synapse/core';
import * as v from 'valibot';
import { HttpError } from './problems/http-error.ts';

const LONGEST_MESSAGE = 400;

/** The value in its checked form; throws with the place of the first problem. */
export function validate<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  where: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const place = path === null ? where : `${where}.${path}`;
  throw new HttpError('INVALID_REQUEST', clipText(`${place}: ${issue.message}`, LONGEST_MESSAGE));
}

/**
 * The values of a query string in the types of the schema: numbers, flags and lists. Text that is
 * none of them stays text, so that the schema refuses it.
 */
export function readQuery(
  { entries }: v.StrictObjectSchema<v.ObjectEntries, undefined>,
  query: URLSearchParams,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const texts = query.getAll(name);
    const type = typeOf(entries[name]);
    if (type === 'array') values[name] = texts;
    else if (texts.length > 1) {
      throw new HttpError('INVALID_REQUEST', `query.${clipText(name, 40)} is given twice.`);
    } else values[name] = toValue(type, texts[0] ?? '');
  }
  return values;
}

/** The type of the values, behind `optional` and the like. */
function typeOf(schema: unknown): string | undefined {
  let inner = schema as { type: string; wrapped?: unknown } | undefined;
  while (inner?.wrapped) inner = inner.wrapped as typeof inner;
  return inner?.type;
}

function toValue(type: string | undefined, text: string): unknown {
  if (type === 'number' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
