/**
 * Writes files whole, locked, or private, and reads ordinary files only.
 * @module
 */

export { readRegularFile, UnreadableFileError } from './read-regular-file.ts';
export { changeFile, UnwritableFileError } from './change-file.ts';
export { tryFileLock } from './file-lock.ts';
export { partialPathOf, removeDeadPartials } from './partial-file.ts';
export { writePrivateFile } from './write-private-file.ts';
