import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aMessage, aSession } from '@synapse/test/support/samples';
import type { Store } from '../ports/store.ts';
import type { Session } from '../session/session.ts';
import { nameSession } from './name-session.ts';

const clock = new FakeClock();
let store: Store;
let session: Session;

beforeEach(async () => {
  store = createMemoryStore();
  session = await store.sessions.create(aSession({ title: 'how do I sort' }));
  await store.sessions.append(session.id, [aMessage('how do I sort a list')], null);
});

function name(provider: ScriptedProvider, signal = new AbortController().signal) {
  return nameSession({
    ...{ sessions: store.sessions, session, lease: null, clock, signal },
    question: [{ type: 'text', text: 'how do I sort a list' }],
    model: { provider, model: 'brief', clock, prices: { costOf: () => null } },
  });
}

describe('nameSession', () => {
  it('strips quotes and labels from the title, and counts its cost', async () => {
    const provider = new ScriptedProvider([text('"Sorting a list."\nHere you are.'), turnEnd]);
    expect(await name(provider)).toMatchObject({ title: 'Sorting a list' });
    const [note] = await store.sessions.messages(session.id, { limit: 1, role: 'title' });
    expect(note).toMatchObject({
      parts: [{ type: 'title', text: 'Sorting a list' }],
      usage: { inputTokens: 10 },
    });
    expect(await store.sessions.get(session.id)).toMatchObject({
      ...{ title: 'Sorting a list', inputTokens: 10, unpricedCount: 1, messageCount: 1 },
    });
  });

  it.each(['**Title:** Sorting a list', 'Title: "Sorting a list"', '# “Sorting a list”'])(
    'removes the marks of %s',
    async (answer) => {
      const provider = new ScriptedProvider([text(answer), turnEnd]);
      expect(await name(provider)).toMatchObject({ title: 'Sorting a list' });
    },
  );

  it('keeps a title that the user has set meanwhile', async () => {
    const rename = async () => {
      await store.sessions.update(session.id, { title: 'mine' });
    };
    const provider = new ScriptedProvider([rename, text('Theirs'), turnEnd]);
    expect(await name(provider)).toMatchObject({ title: null });
    expect(await store.sessions.get(session.id)).toMatchObject({ title: 'mine', inputTokens: 10 });
  });

  it('keeps the first words as title if the model returns none', async () => {
    expect(await name(new ScriptedProvider([text('""'), turnEnd]))).toMatchObject({ title: null });
    expect(await name(new ScriptedProvider([new Error('x')]))).toMatchObject({ title: null });
    expect(await store.sessions.get(session.id)).toMatchObject({ title: 'how do I sort' });
    const notes = await store.sessions.messages(session.id, { limit: 9, role: 'title' });
    expect(notes.map(({ status, parts }) => [status, parts])).toEqual([
      ['failed', []],
      ['failed', []],
    ]);
  });
});
