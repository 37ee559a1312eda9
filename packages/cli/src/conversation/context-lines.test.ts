import { describe, expect, it } from '@jest/globals';
import type { ContextReport } from '@synapse/core/conversation';
import { createStyle } from '@synapse/terminal';
import { contextLines } from './context-lines.ts';

const report: ContextReport = {
  budgetTokens: 100_000,
  windowTokens: null,
  totalTokens: 1200,
  isEstimated: false,
  systemTokens: 0,
  toolTokens: 0,
  summaryTokens: 0,
  pinnedTokens: 0,
  messageTokens: 34,
  attachmentTokens: 0,
  messageCount: 2,
  pinnedCount: 0,
  summarySeq: 0,
  leftOutSeq: 0,
};
const rowsOf = (some: Partial<ContextReport>) =>
  contextLines({ ...report, ...some }, createStyle(false)).join('\n');

describe('contextLines', () => {
  it('adds up: the tokens that the provider counted besides the messages are the tools and the rest', () => {
    expect(rowsOf({})).toMatch(/ tools, rest +1[.]2k/);
  });

  it('reports a window of unknown size', () => {
    expect(rowsOf({ budgetTokens: null })).toContain('in a window of unknown size');
    expect(rowsOf({ windowTokens: 128_000 })).toContain('in a window of 128k including the answer');
    expect(rowsOf({})).not.toContain('window');
  });

  it('keeps known tool counts and estimates unchanged', () => {
    expect(rowsOf({ toolTokens: 1100 })).toMatch(/ tools +1[.]1k/);
    expect(rowsOf({ isEstimated: true })).toMatch(/ tools +0/);
  });
});
