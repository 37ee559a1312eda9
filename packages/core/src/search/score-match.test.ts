import { describe, expect, it } from '@jest/globals';
import { parseSearchQuery } from './parse-query.ts';
import { scoreMatch } from './score-match.ts';

const query = parseSearchQuery('fox hen*', new Date(0));

describe('scoreMatch', () => {
  it('is higher for more matches', () => {
    expect(scoreMatch('fox hen fox hens', 'user', query)).toBeGreaterThan(
      scoreMatch('fox hen dog cats', 'user', query),
    );
  });

  it('is higher for shorter texts', () => {
    expect(scoreMatch('fox hen', 'user', query)).toBeGreaterThan(
      scoreMatch(`fox hen${' word'.repeat(500)}`, 'user', query),
    );
  });

  it('is higher for messages than for tool output', () => {
    expect(scoreMatch('fox hen', 'assistant', query)).toBeGreaterThan(
      scoreMatch('fox hen', 'tool', query),
    );
  });
});
