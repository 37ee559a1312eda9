import { describe, expect, it } from '@jest/globals';
import { toApproval } from './approval-words.ts';

const rules = ['shell: ls *'];

describe('toApproval', () => {
  it.each([
    ['y', 'once'],
    [' YES ', 'once'],
    ['s', 'session'],
    ['always', 'always'],
    ['', 'no'],
    ['n', 'no'],
    ['yes please', 'no'],
    ['constructor', 'no'],
    ['__proto__', 'no'],
  ])('takes %j for %s', (text, answer) => {
    expect(toApproval(text, { rules })).toBe(answer);
  });

  it('allows nothing beyond the call where no rule could say what', () => {
    expect(toApproval('always', { rules: [] })).toBe('once');
    expect(toApproval('constructor', { rules: [] })).toBe('no');
  });
});
