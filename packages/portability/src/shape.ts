import { InvalidDataError, type JsonObject, type JsonValue } from '@synapse/core';

/** A place in a file. */
export interface Place {
  path: string;
  line: number;
}

/** Returns a valid value, and throws an error that names the place of any other. */
export type Shape<T> = (value: unknown, place: Place) => T;

const LONGEST_EXCERPT = 40;
// Years beyond 9999 have a sign and six digits.
const MOMENT = /^(?:\d{4}|[+-]\d{6})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function failAt({ path, line }: Place, what: string): never {
  throw new InvalidDataError(`Line ${line}: ${path === '' ? 'the file' : path} ${what}.`);
}

export function inside(place: Place, key: string | number): Place {
  return new InnerPlace(place, key);
}

/** Builds the text only when asked, which is rare: each value has a place. */
class InnerPlace implements Place {
  readonly #outer: Place;
  readonly #key: string | number;
  readonly line: number;

  constructor(outer: Place, key: string | number) {
    this.#outer = outer;
    this.#key = key;
    this.line = outer.line;
  }

  get path(): string {
    const { path } = this.#outer;
    const key = this.#key;
    if (typeof key === 'number') return `${path}[${key}]`;
    const name = /^[\w-]{1,40}$/.test(key) ? key : JSON.stringify(key.slice(0, LONGEST_EXCERPT));
    return path === '' ? name : `${path}.${name}`;
  }
}

export const text: Shape<string> = (value, place) =>
  typeof value === 'string' ? value : refuse(value, place, 'a text');

export const flag: Shape<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : refuse(value, place, 'true or false');

/** A whole number that every database returns unchanged: a provider may report any count. */
export const count: Shape<number> = (value, place) =>
  Number.isSafeInteger(value) && Number(value) >= 0
    ? Number(value)
    : refuse(value, place, 'a whole number from 0 to 9007199254740991');

export const amount: Shape<number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : refuse(value, place, 'a number that is not negative');

export const moment: Shape<Date> = (value, place) => {
  const date = typeof value === 'string' && MOMENT.test(value) ? new Date(value) : undefined;
  // JavaScript turns February 30 into March 2.
  return date && !Number.isNaN(date.getTime()) && date.toISOString() === value
    ? date
    : refuse(value, place, 'a time like 2026-01-31T12:00:00.000Z');
};

export const json: Shape<JsonValue> = (value) => value as JsonValue;

export const jsonObject: Shape<JsonObject> = (value, place) =>
  isRecord(value) ? (value as JsonObject) : refuse(value, place, 'an object');

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, place) => (value === null ? null : shape(value, place));
}

export function oneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
  return (value, place) =>
    choices.find((choice) => choice === value) ?? refuse(value, place, choices.join(', '));
}

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value, place) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => shape(item, inside(place, index)))
      : refuse(value, place, 'a list');
}

/** A text that passes a given rule, which may normalise it. */
export function textThat(isRight: (value: string) => boolean, what: string): Shape<string> {
  return (value, place) =>
    typeof value === 'string' && isRight(value) ? value : refuse(value, place, what);
}

export type Fields = <T>(key: string, shape: Shape<T>) => T;

/** An object, read field by field; a field that is missing counts as undefined. */
export function record<T>(build: (field: Fields, place: Place) => T): Shape<T> {
  return (value, place) => {
    if (!isRecord(value)) return refuse(value, place, 'an object');
    const field: Fields = (key, shape) =>
      shape(Object.hasOwn(value, key) ? value[key] : undefined, inside(place, key));
    return build(field, place);
  };
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, place) => (value === undefined ? undefined : shape(value, place));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(value: unknown, place: Place, wanted: string): never {
  if (value === undefined) return failAt(place, `is missing; it must be ${wanted}`);
  return failAt(place, `is ${excerptOf(value)}, but must be ${wanted}`);
}

function excerptOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  const shown = JSON.stringify(typeof value === 'string' ? value.slice(0, LONGEST_EXCERPT) : value);
  return typeof value === 'string' && value.length > LONGEST_EXCERPT ? `${shown} …` : shown;
}
