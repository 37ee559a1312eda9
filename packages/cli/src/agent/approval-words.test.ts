import { describe, expect, it } from '@jest/globals';
import { approvalChoices, approvalKeys, toApproval } from './approval-words.ts';

const rules = ['shell: ls *'];

describe('toApproval', () => {
  it.each([
    ['y', 'once'],
    ['s', 'session'],
    ['a', 'always'],
    ['n', 'no'],
    ['v', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ])('reads %j as %s', (text, answer) => {
    expect(toApproval(text, { rules, askRule: null })).toBe(answer);
  });

  it('offers only "once" if no rule can describe the call', () => {
    expect(Object.keys(approvalKeys({ rules: [], askRule: null }))).toEqual(['y', 'n', 'v']);
    expect(toApproval('a', { rules: [], askRule: null })).toBeUndefined();
    expect(approvalChoices({ rules: [], askRule: null })).toBe('y once · n no, and why');
  });

  it('does not offer "always" if an ask rule applies, and names that rule', () => {
    const question = { rules, askRule: 'shell: ls *' };
    expect(approvalChoices(question)).toBe(
      'y once · s session · n no, and why · s allows shell: ls * · not always: the rule "shell: ls *" in tools.ask asks in every session',
    );
    expect(toApproval('a', question)).toBeUndefined();
    expect(approvalChoices({ rules, askRule: null })).toContain('a always');
  });
});
