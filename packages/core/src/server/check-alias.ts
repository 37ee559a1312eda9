import { InvalidDataError } from '../errors/run-errors.ts';

/** Databases limit the size of what an index holds. */
const MAX_LENGTH = 500;

export function checkAlias(kind: string, value: string): void {
  if (kind.length <= MAX_LENGTH && value.length <= MAX_LENGTH) return;
  throw new InvalidDataError(
    `The name of a conversation has ${Math.max(kind.length, value.length)} characters.`,
    { hint: `Use a name with at most ${MAX_LENGTH} characters.` },
  );
}
