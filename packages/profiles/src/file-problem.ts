import { InvalidDataError } from '@synapse/core';

/** A file that can't be understood: the message names it and the line, the hint the right form. */
export class FileProblem extends InvalidDataError {
  constructor(path: string, line: number | null, what: string, hint?: string) {
    super(`${path}${line === null ? '' : `, line ${line}`}: ${what}`, { hint });
  }
}
