import { describe, expect, it } from '@jest/globals';
import { UsageError } from '@synapse/core';
import * as fc from 'fast-check';
import { dispatch } from '../dispatch.ts';
import { describeError } from './report-error.ts';

const described = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return describeError(error);
  }
  throw new Error('Nothing was refused.');
};

describe('a described error', () => {
  it('never shows the password of a database address, wherever the user wrote it', () => {
    const password = fc.string({
      unit: fc.constantFrom(...Array.from('aB7!#$%/:? @&=')),
      minLength: 1,
      maxLength: 12,
    });
    const around = fc.constantFrom(
      (url: string) => ['--databse', url, 'sessions', 'list'],
      (url: string) => [`--databse=${url}`, 'sessions', 'list'],
      (url: string) => ['-q', '--database', url, 'sessions', 'list'],
      (url: string) => ['sessions', url],
      (url: string) => ['db', `--database=${url}`, 'lst'],
    );
    fc.assert(
      fc.property(password, around, (given, lineOf) => {
        const secret = `canary${given}canary`;
        const line = lineOf(`postgres://me:${secret}@host/db`);
        const { message, hint = '' } = described(() => dispatch(line));
        expect(`${message}${hint}`).not.toContain('canary');
      }),
    );
  });

  it('masks it in the message and in the hint, and keeps the rest', () => {
    const error = new UsageError('There is no flag --databse=postgres://me:secret@host/db.', {
      hint: 'Write: --database=postgres://me:secret@host/db',
    });
    expect(describeError(error)).toMatchObject({
      exitCode: 2,
      message: 'There is no flag --databse=postgres://me:[redacted]@host/db.',
      hint: 'Write: --database=postgres://me:[redacted]@host/db',
    });
  });

  it('has no hint if the error has none', () => {
    expect(describeError(new UsageError('No.')).hint).toBeUndefined();
  });
});
