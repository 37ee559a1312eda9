import { it } from '@jest/globals';

/** `it` where nothing is missing. Else the test is skipped, and its title says why. */
export function itNeeds(missing: string): (...test: Parameters<typeof it>) => void {
  if (missing === '') return it;
  return (title, ...rest) => it.skip(`${String(title)} (skipped: needs ${missing})`, ...rest);
}
