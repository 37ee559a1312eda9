import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import { aSession, at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { aWorld } from './foreign-world.ts';

const missing = { code: 'SYNAPSE_SESSION_NOT_FOUND' };

async function sessionIds({ sessions }: Store, owners: readonly (string | null)[]) {
  const ids: string[] = [];
  for (const owner of owners) ids.push((await sessions.create(aSession({ owner }))).id);
  return ids as [string, string, string];
}

export const aliasCases: ContractCases<Store> = {
  'finds a session by the name that was set last': async (store) => {
    const [first, second] = await sessionIds(store, [null, null]);
    await store.aliases.set('codex', 'x\0', first);
    await store.aliases.set('codex', 'y', first);
    await store.aliases.set('claude', 'x\0', second);
    expect(await store.aliases.find('codex', 'x\0')).toBe(first);
    expect(await store.aliases.find('codex', 'y')).toBe(first);
    expect(await store.aliases.find('claude', 'x\0')).toBe(second);
    expect(await store.aliases.find('claude', 'y')).toBeUndefined();
    for (const id of [second, first, first]) {
      await store.aliases.set('codex', 'x\0', id);
      expect(await store.aliases.find('codex', 'x\0')).toBe(id);
    }
    await store.sessions.trash(first, noon);
    expect(await store.aliases.find('codex', 'x\0')).toBe(first);
  },

  'gives a name to one session of each owner': async (store) => {
    const [ann, local, other] = await sessionIds(store, ['ann', null, 'ann']);
    const find = (owner: string | null) => store.aliases.find('codex', 'x', { owner });
    await store.aliases.set('codex', 'x', ann);
    await store.aliases.set('codex', 'x', local);
    expect([await find('ann'), await find(null), await find('bob')]).toEqual([
      ann,
      local,
      undefined,
    ]);
    await store.aliases.set('codex', 'x', other);
    expect([await find('ann'), await find(null)]).toEqual([other, local]);
    expect(await store.aliases.find('codex', 'x')).toBe(other);
    await store.sessions.purge([other]);
    expect([await find('ann'), await find(null)]).toEqual([undefined, local]);
  },

  'refuses a name for an unknown session, and one that is too long': async ({
    aliases,
    ...store
  }) => {
    await expect(aliases.set('codex', 'x', newId())).rejects.toMatchObject(missing);
    const [id] = await sessionIds({ aliases, ...store }, [null]);
    const long = '\u{1f600}'.repeat(250);
    await aliases.set('codex', long, id);
    expect(await aliases.find('codex', long)).toBe(id);
    for (const [kind, value] of [
      ['codex', `${long}x`],
      [`${long}x`, 'codex'],
    ] as const) {
      await expect(aliases.set(kind, value, id)).rejects.toMatchObject({
        code: 'SYNAPSE_INVALID_DATA',
      });
    }
  },

  'finds the longest known prefix, of the newest entry': async ({ aliases, ...store }) => {
    const [first, second] = await sessionIds({ aliases, ...store }, [null, null]);
    const prefix = (hash: string, sessionId: string, messageId = `${hash} of ${sessionId}`) => ({
      ...{ hash, sessionId, messageId },
    });
    await aliases.addPrefixes([prefix('a', first), prefix('b', first)]);
    await aliases.addPrefixes([prefix('a', second)]);
    expect(await aliases.findPrefix(['a'])).toEqual(prefix('a', second));
    expect(await aliases.findPrefix(['a', 'b', 'c'])).toEqual(prefix('b', first));
    expect(await aliases.findPrefix(['c'])).toBeUndefined();
    expect(await aliases.findPrefix([])).toBeUndefined();
    const many = Array.from({ length: 1200 }, (_, index) => `h${index}`);
    expect(await aliases.findPrefix(['a', ...many])).toEqual(prefix('a', second));
    const again = prefix('a', first, 'another');
    await aliases.addPrefixes([prefix('a', first), again]);
    expect(await aliases.findPrefix(['a'])).toEqual(again);
    await aliases.addPrefixes(many.map((hash) => prefix(hash, second)));
    expect(await aliases.findPrefix(many.slice(0, 900))).toEqual(prefix('h899', second));
  },

  'finds only prefixes of an owner and of sessions that exist': async ({ aliases, ...store }) => {
    const [ann, local] = await sessionIds({ aliases, ...store }, ['ann', null]);
    const prefixes = [ann, local].map((sessionId) => ({ hash: 'a', sessionId, messageId: 'm' }));
    await aliases.addPrefixes(prefixes);
    const find = async (owner: string | null) =>
      (await aliases.findPrefix(['a'], { owner }))?.sessionId;
    expect([await find('ann'), await find(null), await find('bob')]).toEqual([
      ann,
      local,
      undefined,
    ]);
    await store.sessions.purge([local]);
    expect((await aliases.findPrefix(['a']))?.sessionId).toBe(ann);
  },

  'adds no prefix if one of the sessions is unknown': async ({ aliases, ...store }) => {
    const [id] = await sessionIds({ aliases, ...store }, [null]);
    const prefixes = [id, newId()].map((sessionId) => ({ hash: 'a', sessionId, messageId: 'm' }));
    await expect(aliases.addPrefixes(prefixes)).rejects.toMatchObject(missing);
    expect(await aliases.findPrefix(['a'])).toBeUndefined();
  },

  'finds nothing of a purged session whose rows are removed later': async (store) => {
    const { session, run, approval, alias, prefix } = await aWorld(store);
    await store.sessions.trash(session, noon);
    const expired = await store.retention.expiredTrash(at(1), 9);
    expect(await store.retention.purge(expired, { at: at(1), reason: 'test' })).toEqual([session]);
    expect(await store.runs.get(run)).toBeUndefined();
    expect(await store.runs.active(session)).toBeUndefined();
    expect(await store.runs.list(session, 9)).toEqual([]);
    expect(await store.runs.orphans()).toEqual([]);
    expect(await store.approvals.get(approval)).toBeUndefined();
    expect(await store.approvals.pending()).toEqual([]);
    expect(await store.aliases.find('secret', alias)).toBeUndefined();
    expect(await store.aliases.findPrefix([prefix])).toBeUndefined();
  },
};
