import { newId, type Message } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import type { SynapseHome } from './run-synapse.ts';
import { aMessage, anAnswer, aSession, inConversation, noon } from './samples.ts';

/** Puts a session of so many messages, as of years, into the store of a home; its name is `huge`. */
export async function addHugeSession({ folder }: SynapseHome, count: number): Promise<void> {
  const store = await openSqliteStore({ path: `${folder}/.config/synapse/sessions.db` });
  const { id } = await store.sessions.create(aSession());
  const session = { ...(await store.sessions.get(id))!, id: newId(), handle: 'huge' };
  await store.transfer.addSession(session, pagesOf(session.id, count), { origin: 'import' });
  await store.close();
}

async function* pagesOf(sessionId: string, count: number): AsyncGenerator<Message[]> {
  for (let seq = 1; seq <= count; seq += 500) {
    yield Array.from({ length: 500 }, (_, index) => {
      const at = seq + index;
      const text = `message ${at} ${'lorem ipsum '.repeat(15)}`;
      const said = at % 2 === 1 ? aMessage(text) : anAnswer(text);
      return {
        ...said,
        createdAt: noon,
        sessionId,
        seq: at,
        turn: Math.ceil(at / 2),
        ...inConversation,
      };
    });
  }
}
