import { describe, expect, it } from '@jest/globals';
import { approvalChoices, toApproval } from './approval-words.ts';

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
  ])('reads %j as %s', (text, answer) => {
    expect(toApproval(text, { rules, askRule: null })).toBe(answer);
  });

  it('offers only "once" if no rule can describe the call', () => {
    expect(toApproval('always', { rules: [], askRule: null })).toBe('once');
    expect(toApproval('constructor', { rules: [], askRule: null })).toBe('no');
  });

  it('does not offer "always" if an ask rule applies, and names that rule', () => {
    const question = { rules, askRule: 'shell: ls *' };
    expect(approvalChoices(question)).toBe(
      '[y]es, [s]ession (shell: ls *), [n]o; not [a]lways: the rule "shell: ls *" in tools.ask asks in every session',
    );
    expect(toApproval('always', question)).toBe('session');
    expect(approvalChoices({ rules, askRule: null })).toContain('[a]lways');
  });
});
