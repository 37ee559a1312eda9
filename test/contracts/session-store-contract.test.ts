import { describe, expect, it } from '@jest/globals';
import { brokenStores, type BrokenStore } from '../fakes/broken-stores.ts';
import { sessionStoreGroups } from './session-store-contract.ts';

async function brokenPromises(store: BrokenStore): Promise<string[]> {
  const broken: string[] = [];
  for (const [sentence, prove] of Object.entries(sessionStoreGroups[store.group])) {
    await prove(store.open()).catch(() => broken.push(sentence));
  }
  return broken;
}

describe('SessionStore contract', () => {
  it.each(brokenStores)('notices a store that, in $group, $fault', async (store) => {
    expect(await brokenPromises(store)).not.toEqual([]);
  });

  it('has a broken store for every group but the figures', () => {
    const groups = new Set(brokenStores.map(({ group }) => group));
    expect(Object.keys(sessionStoreGroups).filter((group) => !groups.has(group as never))).toEqual([
      'maintenance',
    ]);
  });
});
