import { describe, expect, it } from '@jest/globals';
import { parseSearchQuery } from './parse-query.ts';
import { scoreMatch } from './score-match.ts';

const query = parseSearchQuery('fox hen*', new Date(0));

describe('scoreMatch', () => {
  it('is higher where more is found', () => {
    expect(scoreMatch('fox hen fox hens', 'user', query)).toBeGreaterThan(
      scoreMatch('fox hen dog cats', 'user', query),
    );
  });

  it('is higher where less stands around it', () => {
    expect(scoreMatch('fox hen', 'user', query)).toBeGreaterThan(
      scoreMatch(`fox hen${' word'.repeat(500)}`, 'user', query),
    );
  });

  it('is higher for what was said than for what a tool printed', () => {
    expect(scoreMatch('fox hen', 'assistant', query)).toBeGreaterThan(
      scoreMatch('fox hen', 'tool', query),
    );
  });
});
