import { describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { aConversation } from '../support/samples.ts';

/** For stores with a schema; `open` opens the same database again and again. */
export function schemaContract(name: string, newDatabase: () => () => Promise<Store>): void {
  describe(`Schema contract: ${name}`, () => {
    it('says which steps were applied', async () => {
      const store = await newDatabase()();
      const { applied, pending } = await store.maintenance.schema();
      const { schemaVersion } = await store.maintenance.info();
      expect(applied.map(({ version }) => version)).toEqual(applied.map((_, index) => index + 1));
      expect(applied).toHaveLength(schemaVersion);
      expect(applied[0]?.name).toBe('0001-create-sessions');
      expect(pending).toEqual([]);
      await store.close();
    });

    it('goes back step by step to nothing, and up again', async () => {
      const open = newDatabase();
      let store = await open();
      const { applied } = await store.maintenance.schema();
      for (let left = applied.length - 1; left >= 0; left -= 1) {
        const status = await store.maintenance.rollBack();
        expect(status.applied).toHaveLength(left);
        expect(status.pending[0]).toBe(applied[left]?.name);
      }
      const tooFar = store.maintenance.rollBack();
      await expect(tooFar).rejects.toMatchObject({ code: 'SYNAPSE_INVALID_DATA' });
      await store.close();

      store = await open();
      expect((await store.maintenance.schema()).applied).toHaveLength(applied.length);
      await aConversation(store, ['q']);
      await store.close();
    });

    it('keeps what was said when steps that hold none of it go back and up again', async () => {
      const open = newDatabase();
      let store = await open();
      const { id, messages } = await aConversation(store, ['a fox', 'a hen']);
      const { applied } = await store.maintenance.schema();
      for (let left = applied.length; left > 1; left -= 1) await store.maintenance.rollBack();
      await store.close();

      store = await open();
      expect(await store.sessions.messages(id, { limit: 9 })).toEqual(messages);
      const query = { terms: [{ tokens: ['fox'], isPrefix: false }], excluded: [] };
      const { items } = await store.search.search(query, { limit: 9 });
      expect(items.map(({ messageId }) => messageId)).toEqual([messages[0]?.id]);
      await store.close();
    });
  });
}
