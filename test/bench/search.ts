import { parseSearchQuery, type Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { largeStore } from './large-store.ts';
import { alone, quantile, timeOf, type Measure } from './measure.ts';

const KINDS: Record<string, (n: number) => string> = {
  'a rare word': (n) => `word${n}`,
  'a word in every tenth message': () => 'fox',
  'two words': (n) => `word${n} word${n + 1}`,
  'a common and a rare word': (n) => `fox word${n}`,
  'a phrase': (n) => `"word${n} word${n + 1}"`,
  'the beginning of a hundred words': (n) => `word${100 + (n % 900)}*`,
  'the beginning of a thousand words': (n) => `word${10 + (n % 90)}*`,
};

/** Searches for words of all kinds in a million messages. */
export async function benchSearch(reuse: boolean): Promise<Measure[]> {
  const store = await openSqliteStore({ path: await largeStore(reuse) });
  try {
    return await searchMeasures(store, '');
  } finally {
    await store.close();
  }
}

export async function searchMeasures(store: Store, prefix: string): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const [kind, queryOf] of Object.entries(KINDS)) {
    const times: number[] = [];
    for (let run = 0; run < 60; run++) {
      const query = parseSearchQuery(queryOf((run * 7919) % 19_000), new Date());
      times.push(await timeOf(() => store.search.search(query, { limit: 20 })));
    }
    const figure = `${prefix}search for ${kind} in 1,000,000 messages, 95th percentile`;
    measures.push(alone(figure, 'under 50 ms', quantile(times, 0.95)));
  }
  return measures;
}
