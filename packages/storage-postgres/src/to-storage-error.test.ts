import { describe, expect, it } from '@jest/globals';
import { isTransient } from './sqlstate.ts';
import { toStorageError } from './to-storage-error.ts';

const location = 'postgresql://ada@db.example/notes';

describe('an error of PostgreSQL', () => {
  it.each([
    [{ code: '28P01' }, 'DENIED'],
    [{ code: '42501' }, 'DENIED'],
    [{ message: 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string' }, 'DENIED'],
    [{ code: '3D000' }, 'UNAVAILABLE'],
    [{ code: '57P03' }, 'UNAVAILABLE'],
    [{ code: 'ECONNREFUSED' }, 'UNAVAILABLE'],
    [{ code: 'ENOTFOUND' }, 'UNAVAILABLE'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'UNAVAILABLE'],
    [{ message: 'The server does not support SSL connections' }, 'UNAVAILABLE'],
    [{ message: 'COMMIT; - Connection terminated unexpectedly' }, 'UNAVAILABLE'],
    [{ message: 'timeout expired' }, 'UNAVAILABLE'],
    [{ code: '22P05' }, 'UNAVAILABLE'],
    [{ code: '53300' }, 'BUSY'],
    [{ code: '57014' }, 'BUSY'],
    [{ code: '40P01' }, 'BUSY'],
    [{ name: 'KnexTimeoutError' }, 'BUSY'],
    [{ code: '53100' }, 'FULL'],
    [{ code: '58030' }, 'DAMAGED'],
    [{ code: 'XX001' }, 'DAMAGED'],
    [{ code: '25006' }, 'CANNOT_CREATE'],
  ])('%j becomes %s', (cause, expected) => {
    const error = toStorageError(cause, location);
    expect(error).toMatchObject({ code: `SYNAPSE_STORAGE_${expected}`, cause });
    expect(error?.message).toContain(location);
    expect(error?.hint).not.toBe('');
  });

  it.each([
    ['57P03', 'it is starting, stopping or recovering'],
    ['25006', 'the server is a standby'],
    ['53300', 'has no connection left'],
    ['55P03', 'another client probably holds a lock'],
    ['57014', 'another client probably holds a lock'],
    ['28P01', 'refuses the user or the password'],
    ['42501', 'may not do this'],
  ])('%s is named: %s', (code, message) => {
    expect(toStorageError({ code }, location)?.message).toContain(message);
  });

  it('stays unchanged if it is a bug', () => {
    for (const cause of [
      { code: '42601' },
      { code: '23503' },
      { message: 'x is not a function' },
    ]) {
      expect(toStorageError(cause, location)).toBeUndefined();
    }
  });

  it('can be retried after a lost connection, a server failure or a deadlock', () => {
    const transient = ['ECONNRESET', '08006', '57P01', '53300', '40001', '40P01'];
    expect(transient.filter((code) => !isTransient({ code }))).toEqual([]);
    const lasting = ['28P01', '42501', '53100', '23505', 'ENOTFOUND'];
    expect(lasting.filter((code) => isTransient({ code }))).toEqual([]);
  });
});
