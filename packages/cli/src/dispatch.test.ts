import { describe, expect, it } from '@jest/globals';
import { dispatch } from './dispatch.ts';

describe('dispatch', () => {
  it.each([
    ['--json sessions list -n 3', 'sessions list', '--json -n 3'],
    ['-v --database x.db sessions show last', 'sessions show', '-v --database x.db last'],
    ['--database=x.db --color never db info', 'db info', '--database=x.db --color never'],
    ['--json sessions', 'sessions list', '--json'],
    ['--database doctor doctor', 'doctor', '--database doctor'],
    ['--json usage --since 7d', 'usage', '--json --since 7d'],
    ['--json sessions search -- -x', 'sessions search', '--json -- -x'],
  ])('accepts global flags before a command: %s', (line, id, rest) => {
    expect(dispatch(line.split(' '))).toEqual({ id, rest: rest.split(' ') });
  });

  it.each(['-v explain sessions', '--json help me', '-v -- models'])(
    'treats %s as a prompt',
    (line) => {
      expect(dispatch(line.split(' '))).toEqual({ id: 'ask', rest: line.split(' ') });
    },
  );

  it('rejects other flags before a command', () => {
    expect(() => dispatch(['-q', 'sessions', 'list'])).toThrow('after the command "sessions list"');
  });
});
