/**
 * Files that are written whole, locked, or private, and read only if they are ordinary.
 * @module
 */

export { readOrdinaryFile, UnreadableFileError } from './read-ordinary-file.ts';
export { changeFile, UnwritableFileError } from './change-file.ts';
export { tryFileLock } from './file-lock.ts';
export { partialPathOf, removeDeadPartials } from './partial-file.ts';
export { writePrivateFile } from './write-private-file.ts';
