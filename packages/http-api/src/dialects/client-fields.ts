import { InvalidDataError, type JsonObject, type JsonValue } from '@synapse/core';

/** A request that does not follow its dialect, or uses a part of it that Synapse does not offer. */
export class InvalidRequestError extends InvalidDataError {
  /** The path of the field. */
  readonly param: string;

  constructor(param: string, message: string) {
    super(`${param}: ${message}`);
    this.param = param;
  }
}

/** A value in a request, and its path for errors. Missing and null fields are the same. */
export class ClientValue {
  readonly path: string;
  readonly #value: JsonValue | undefined;

  constructor(value: JsonValue | undefined, path: string) {
    this.#value = value ?? undefined;
    this.path = path;
  }

  get isMissing(): boolean {
    return this.#value === undefined;
  }

  get isText(): boolean {
    return typeof this.#value === 'string';
  }

  get raw(): JsonValue | undefined {
    return this.#value;
  }

  /** The field of an object; missing in any other value. */
  field(name: string): ClientValue {
    const value = this.#value;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new ClientValue(isObject && Object.hasOwn(value, name) ? value[name] : undefined, path);
  }

  /** Empty if missing. */
  items(): ClientValue[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.#value)) throw this.invalid('must be a list.');
    return this.#value.map((item, index) => new ClientValue(item, `${this.path}[${index}]`));
  }

  object(): JsonObject {
    const value = this.#value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw this.invalid(this.isMissing ? 'is missing.' : 'must be an object.');
  }

  text(): string {
    if (typeof this.#value === 'string') return this.#value.toWellFormed();
    throw this.invalid(this.isMissing ? 'is missing.' : 'must be a string.');
  }

  textOr<Other>(other: Other): string | Other {
    return this.isMissing ? other : this.text();
  }

  flag(): boolean {
    if (this.isMissing) return false;
    if (typeof this.#value === 'boolean') return this.#value;
    throw this.invalid('must be true or false.');
  }

  /** Null if missing. */
  count(): number | null {
    if (this.isMissing) return null;
    const value = this.#value;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    throw this.invalid('must be a whole number of at least 1.');
  }

  /** Null if missing. */
  numberUpTo(most: number): number | null {
    if (this.isMissing) return null;
    const value = this.#value;
    if (typeof value === 'number' && value >= 0 && value <= most) return value;
    throw this.invalid(`must be a number from 0 to ${most}.`);
  }

  invalid(message: string): InvalidRequestError {
    return new InvalidRequestError(this.path, message);
  }
}

// Storing, exporting and showing a value are recursive, and the stack is limited.
const MAX_DEPTH = 200;

/** The body of a request; throws if it is no object, or nested too deeply. */
export function readBody(body: JsonValue): ClientValue {
  const value = new ClientValue(body, '');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidRequestError('body', 'must be a JSON object.');
  }
  if (isDeep(body)) {
    throw new InvalidRequestError('body', `is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return value;
}

export function isDeep(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let left = MAX_DEPTH; left > 0 && level.length > 0; left--) {
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return level.some((one) => typeof one === 'object' && one !== null);
}
