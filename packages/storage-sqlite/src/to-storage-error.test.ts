import { describe, expect, it } from '@jest/globals';
import { toStorageError } from './to-storage-error.ts';

describe('an error of SQLite', () => {
  it.each([
    ['SQLITE_BUSY', 'SYNAPSE_STORAGE_BUSY'],
    ['SQLITE_LOCKED', 'SYNAPSE_STORAGE_BUSY'],
    ['SQLITE_FULL', 'SYNAPSE_STORAGE_FULL'],
    ['SQLITE_IOERR', 'SYNAPSE_STORAGE_DAMAGED'],
    ['SQLITE_CORRUPT', 'SYNAPSE_STORAGE_DAMAGED'],
    ['SQLITE_ERROR', 'SYNAPSE_STORAGE_DAMAGED'],
    ['SQLITE_NOTADB', 'SYNAPSE_STORAGE_DAMAGED'],
    ['SQLITE_READONLY', 'SYNAPSE_STORAGE_CANNOT_CREATE'],
    ['SQLITE_CANTOPEN', 'SYNAPSE_STORAGE_UNAVAILABLE'],
    ['SQLITE_TOOBIG', 'SYNAPSE_INVALID_DATA'],
  ])('%s becomes %s, with its cause', (code, expected) => {
    const cause = Object.assign(new Error(`${code}: …`), { code });
    const error = toStorageError(cause, '/home/ada/synapse.db');
    expect(error).toMatchObject({ code: expected, cause });
  });

  it('names the file and what to do next', () => {
    const error = toStorageError({ code: 'SQLITE_BUSY' }, '/home/ada/synapse.db');
    expect(error?.message).toContain('/home/ada/synapse.db');
    expect(error?.hint).toContain('Try again');
  });

  it('stays unchanged if it is a bug', () => {
    for (const code of ['SQLITE_CONSTRAINT', 'SQLITE_MISUSE', undefined]) {
      expect(toStorageError({ code }, 'x')).toBeUndefined();
    }
  });
});
