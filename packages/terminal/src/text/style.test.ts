import { describe, expect, it } from '@jest/globals';
import { createStyle, wantsColor, type ColorQuestion } from './style.ts';

describe('wantsColor', () => {
  it.each<[string, ColorQuestion, boolean]>([
    ['a terminal', { isTerminal: true, environment: {} }, true],
    ['a pipe', { isTerminal: false, environment: {} }, false],
    ['a dumb terminal', { isTerminal: true, environment: { TERM: 'dumb' } }, false],
    ['NO_COLOR', { isTerminal: true, environment: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { isTerminal: true, environment: { NO_COLOR: '' } }, true],
    [
      'NO_COLOR over FORCE_COLOR',
      { isTerminal: true, environment: { NO_COLOR: '1', FORCE_COLOR: '1' } },
      false,
    ],
    ['FORCE_COLOR on a pipe', { isTerminal: false, environment: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0 on a terminal', { isTerminal: true, environment: { FORCE_COLOR: '0' } }, false],
    ['always', { choice: 'always', isTerminal: false, environment: { NO_COLOR: '1' } }, true],
    ['never', { choice: 'never', isTerminal: true, environment: { FORCE_COLOR: '1' } }, false],
  ])('answers for %s', (_name, question, answer) => {
    expect(wantsColor(question)).toBe(answer);
  });
});

describe('createStyle', () => {
  it('paints, and goes on with the outer paint after the inner one', () => {
    const style = createStyle(true);
    expect(style.bold(`a${style.dim('b')}c`)).toBe('\x1b[1ma\x1b[2mb\x1b[22m\x1b[1mc\x1b[22m');
    expect(style.red('')).toBe('');
  });

  it('leaves the text alone without colour', () => {
    const style = createStyle(false);
    expect(style.bold(style.red('x'))).toBe('x');
  });
});
