import type { Role } from '../session/message.ts';
import { needleOf } from './match-query.ts';
import type { SearchQuery } from './parse-query.ts';

// The usual constants of BM25. The rarity of a term does not matter: nearly every match has all
// terms.
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;
const USUAL_LENGTH = 800;
// Text of the user and the model counts more than the output of a tool.
const ROLE_WEIGHT: Record<Role, number> = {
  user: 1.1,
  assistant: 1,
  tool: 0.5,
  context: 0,
  title: 0,
};

/** The rank of a match: more hits in a shorter text are better. */
export function scoreMatch(
  searchText: string,
  role: Role,
  query: Pick<SearchQuery, 'terms'>,
): number {
  const length = 1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * searchText.length) / USUAL_LENGTH;
  const finds = query.terms.flat().map((term) => countFinds(` ${searchText} `, needleOf(term)));
  const score = finds.reduce((sum, count) => sum + count / (count + SATURATION * length), 0);
  return ROLE_WEIGHT[role] * score;
}

function countFinds(text: string, needle: string): number {
  let count = 0;
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) count += 1;
  return count;
}
