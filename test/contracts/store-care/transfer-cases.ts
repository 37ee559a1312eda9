import { expect } from '@jest/globals';
import {
  emptySession,
  newId,
  type Lease,
  type Message,
  type Session,
  type Store,
} from '@synapse/core';
import type { WholeSession } from '@synapse/core/store-kit';
import {
  copyStore,
  digestSession,
  exportSessions,
  importSessions,
  jsonFormat,
  messagePages,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import fc from 'fast-check';
import { anyStoredSession, storeSample } from '../../support/arbitraries/stored-sessions.ts';
import {
  aContext,
  aLeaseRequest,
  aConversation,
  aMessage,
  anAnswer,
  aSession,
  changed,
  aTitle,
  at,
  inConversation,
  noon,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { foundTexts } from './found-texts.ts';

async function* pagesOf(...pages: Message[][]): AsyncGenerator<Message[]> {
  yield* pages;
}

/** Without the revision, which rises when the ledger is copied. */
async function read(store: Store, id: string): Promise<[Session | undefined, Message[]]> {
  const session = await store.sessions.get(id);
  return [
    session && { ...session, revision: 0 },
    await store.sessions.messages(id, { limit: 500, turns: 'all' }),
  ];
}

async function exportOf(store: Store, id: string): Promise<string> {
  const session = (await store.sessions.get(id))!;
  let text = '';
  for await (const piece of exportSessions(store, [session], { format: jsonFormat })) text += piece;
  return text;
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** In pages that no store takes at once. */
function aLongSession(): { session: Session; pages: Message[][] } {
  const session = { ...emptySession(aSession({ handle: 'long' })), updatedAt: at(9) };
  const pages = [0, 400, 800].map((start) =>
    Array.from({ length: 400 }, (_, index): Message => {
      const seq = start + index + 1;
      const place = { sessionId: session.id, seq, turn: seq, ...inConversation };
      return { ...aMessage(`lorem ${seq}`), ...place };
    }),
  );
  return { session, pages };
}

/** A session with everything that a session can have. */
async function aFullSession(store: Store): Promise<string> {
  const bytes = Buffer.from('picture');
  const attachment = await store.attachments.put({ bytes, mediaType: 'image/png', name: 'a.png' });
  const origin = await store.sessions.create(aSession());
  const { id } = await store.sessions.create(
    aSession({
      handle: 'work',
      title: 'A \u0000 title \ud800',
      tags: ['b', 'a'],
      pinned: true,
      archived: true,
      metadata: { z: 1, a: { nested: [null] } },
      forkedFrom: { sessionId: origin.id, messageId: null },
    }),
  );
  const usage = {
    ...{ inputTokens: 5, outputTokens: 7, cacheReadTokens: 1, cacheWriteTokens: 0 },
    ...{ reasoningTokens: 2, estimated: false },
  };
  const price = {
    ...{ inputPerMillion: 1, outputPerMillion: 2 },
    ...{ cacheReadPerMillion: 0.5, cacheWritePerMillion: 0 },
  };
  await store.sessions.append(
    id,
    [
      aMessage('undone'),
      aMessage('look', {
        parts: [
          { type: 'text', text: 'look' },
          { type: 'image', attachment },
        ],
      }),
      aContext({ summary: 'Looked \ud800.', summarySeq: 1, pinnedSeqs: [2] }),
      aTitle('A look'),
      anAnswer('seen', {
        ...{ usage, cost: { nanoUsd: 9, price }, latencyMs: 1.5, timeToFirstTokenMs: 0.5 },
        ...{ finishReason: { unified: 'stop', raw: 'end' }, createdAt: at(9) },
      }),
      anAnswer('broken', { status: 'failed', error: { code: 'X', message: 'y' } }),
    ],
    null,
  );
  // Another answer that was chosen, and a turn that was undone.
  const [again] = await store.sessions.append(id, [aMessage('look again')], null, { of: 2 });
  const place = { turn: again!.turn, isChosen: true };
  await store.sessions.append(id, [anAnswer('seen again')], null, place);
  await store.sessions.append(id, [aMessage('taken back')], null);
  await store.sessions.undoTurn(id, null);
  await store.sessions.trash(id, at(20));
  return id;
}

export const transferCases: ContractCases<Store> = {
  'gives all sessions by id, living or not': async ({ sessions, transfer }) => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await sessions.create(aSession())).id);
    await sessions.trash(ids[1]!, noon);
    await sessions.update(ids[2]!, { archived: true });
    ids.sort();
    const first = await transfer.sessionsAfter(null, 3);
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(first).toContainEqual(await sessions.get(ids[0]!));
    const rest = await transfer.sessionsAfter(ids[2]!, 3);
    expect(rest.map(({ id }) => id)).toEqual(ids.slice(3));
  },

  'brings every session to another store and back as it was': async (store) => {
    const id = await aFullSession(store);
    await aConversation(store, ['q', 'a']);
    const [entry] = [
      { action: 'trash' as const, sessionId: id, title: 't', at: noon, reason: 'r' },
    ];
    await store.transfer.addAudit([entry]);
    const other = createMemoryStore();
    const progress: number[] = [];
    const report = await copyStore(store, other, {
      onProgress: ({ sessionCount }) => progress.push(sessionCount),
    });
    expect(report).toEqual({
      ...{ sessionCount: 3, messageCount: 5, addedCount: 3, extendedCount: 0 },
      ...{ forkedCount: 0, presentCount: 0, attachmentCount: 1, differing: [] },
    });
    expect(progress).toEqual([1, 2, 3]);
    expect(await read(other, id)).toEqual(await read(store, id));
    expect(await other.retention.audit(9)).toEqual([entry]);

    const before = await read(store, id);
    const audit = await store.retention.audit(9);
    const all = await store.transfer.sessionsAfter(null, 9);
    await store.sessions.purge(all.map((session) => session.id));
    const back = await copyStore(other, store);
    expect(back).toMatchObject({ addedCount: 3, differing: [] });
    expect(await read(store, id)).toEqual(before);
    expect(await store.retention.audit(9)).toEqual(audit);
    const image = before[1][1]!.parts.find((part) => part.type === 'image');
    expect(await store.attachments.get(image!.attachment.sha256)).toEqual(
      new Uint8Array(Buffer.from('picture')),
    );
  },

  'brings any session to another store by an export, which is the same when exported there': async (
    store,
  ) => {
    await fc.assert(
      fc.asyncProperty(anyStoredSession, async (sample) => {
        const id = await storeSample(store, sample);
        const text = await exportOf(store, id);
        const other = createMemoryStore();
        const report = await importSessions(other, () => bytesOf(text));
        expect(report.added).toHaveLength(1);
        expect(await exportOf(other, id)).toBe(text);
        await store.sessions.purge([id]);
        await importSessions(store, () => bytesOf(text));
        expect(await exportOf(store, id)).toBe(text);
      }),
      { numRuns: 15 },
    );
  },

  'names the sessions that have messages with given ids': async ({ sessions, transfer }) => {
    const [one, two] = [aSession(), aSession()];
    for (const session of [one, two]) await sessions.create(session);
    const [first] = await sessions.append(one.id, [aMessage('one')], null);
    const [second] = await sessions.append(two.id, [aMessage('two')], null);
    const owners = await transfer.ownersOf([first!.id, newId(), second!.id]);
    expect([...owners].sort()).toEqual(
      [
        [first!.id, one.id],
        [second!.id, two.id],
      ].sort(),
    );
    expect(await transfer.ownersOf([])).toEqual(new Map());
  },

  'remembers in which state files were imported': async ({ transfer }) => {
    const place = (name: string) => `host:/histories/${name} \u{1f4ac}`;
    await transfer.setImportMarks(
      new Map([
        [place('a'), 'first'],
        [place('b'), 'first'],
      ]),
    );
    await transfer.setImportMarks(
      new Map([
        [place('b'), 'second'],
        [place('c'), 'first'],
      ]),
    );
    await transfer.setImportMarks(new Map());
    const marks = await transfer.importMarks([place('b'), place('c'), place('d')]);
    expect([...marks].sort()).toEqual([
      [place('b'), 'second'],
      [place('c'), 'first'],
    ]);
    expect(await transfer.importMarks([])).toEqual(new Map());
  },

  'adds nothing when it is done twice, and tells what differs': async (store) => {
    const id = await aFullSession(store);
    const same = await aConversation(store, ['q']);
    const other = createMemoryStore();
    await copyStore(store, other);
    await other.sessions.restore(id, noon);
    await other.sessions.append(id, [aMessage('more')], null);
    const changed = await read(other, id);
    const report = await copyStore(store, other);
    expect(report).toMatchObject({ addedCount: 0, presentCount: 3, differing: [id] });
    expect(await read(other, id)).toEqual(changed);
    expect(await read(other, same.id)).toEqual(await read(store, same.id));
  },

  'derives the counts from the messages, and what was spent from the ledger': async (store) => {
    const source = createMemoryStore();
    const { id, messages } = await aConversation(source, ['question', 'answer']);
    const session = (await source.sessions.get(id))!;
    const wrong = { ...session, messageCount: 99, costNanoUsd: 1, unpricedCount: 7, preview: 'x' };
    await store.transfer.addSession(wrong, pagesOf(messages.slice(0, 1), [], messages.slice(1)));
    expect(await store.sessions.get(id)).toEqual({ ...session, unpricedCount: 0 });
    await store.transfer.addLedger(await source.transfer.ledger({ after: null, limit: 9 }));
    expect(await store.sessions.get(id)).toEqual(changed(session));
    const [more] = await store.sessions.append(id, [aMessage('and')], null);
    expect(more).toMatchObject({ seq: 3, turn: 2 });
  },

  'adds nothing of a session whose messages break off or are out of order': async (store) => {
    const source = createMemoryStore();
    const { id, messages } = await aConversation(source, ['q', 'a']);
    const session = (await source.sessions.get(id))!;
    async function* breaking(): AsyncGenerator<Message[]> {
      yield messages;
      throw new Error('unplugged');
    }
    await expect(store.transfer.addSession(session, breaking())).rejects.toThrow('unplugged');
    const wrong = store.transfer.addSession(session, pagesOf(messages.toReversed()));
    await expect(wrong).rejects.toMatchObject({ code: 'SYNAPSE_INVALID_DATA' });
    expect(await store.sessions.get(id)).toBeUndefined();
    expect(await store.transfer.addSession(session, pagesOf(messages))).toBe('added');
  },

  'shows nothing of a long session until all of it is stored, and lets others write meanwhile':
    async (store) => {
      const { session, pages } = aLongSession();
      async function* watched(): AsyncGenerator<Message[]> {
        for (const page of pages) {
          yield page;
          expect(await store.sessions.get(session.id)).toBeUndefined();
          expect(await store.transfer.sessionsAfter(null, 99)).toHaveLength(others.length);
          const listed = await store.sessions.list({ limit: 99, trashed: 'any', archived: 'any' });
          expect(listed.items).toHaveLength(others.length);
          expect(await store.retention.countActive({}, 99)).toBe(others.length);
          expect(await foundTexts(store, 'lorem')).toEqual([]);
          const code = 'SYNAPSE_SESSION_NOT_FOUND';
          const read = store.sessions.messages(session.id, { limit: 9 });
          await expect(read).rejects.toMatchObject({ code });
          const append = store.sessions.append(session.id, [aMessage('mine')], null);
          await expect(append).rejects.toMatchObject({ code });
          others.push((await aConversation(store, ['meanwhile'])).id);
        }
      }
      const others: string[] = [];
      expect(await store.transfer.addSession(session, watched())).toBe('added');
      expect(others).toHaveLength(pages.length);
      const [stored, messages] = await read(store, session.id);
      expect(stored).toMatchObject({ handle: 'long', deletedAt: null, messageCount: 1200 });
      expect(messages).toEqual(pages.flat().slice(-500));
      expect(await store.maintenance.check()).toEqual([]);
      const [next] = await store.sessions.append(session.id, [aMessage('next')], null);
      expect(next).toMatchObject({ seq: 1201, turn: 1201 });
    },

  'leaves nothing of a long session that breaks off, whose ids are free then': async (store) => {
    const { session, pages } = aLongSession();
    async function* breaking(): AsyncGenerator<Message[]> {
      yield* pages;
      throw new Error('unplugged');
    }
    await expect(store.transfer.addSession(session, breaking())).rejects.toThrow('unplugged');
    expect(await store.sessions.get(session.id)).toBeUndefined();
    const { id } = await store.sessions.create(aSession({ handle: 'long' }));
    await store.sessions.append(id, pages[0]!.slice(0, 9), null);
    await store.sessions.purge([id]);
    expect(await store.transfer.addSession(session, pagesOf(...pages))).toBe('added');
  },

  'lets the later of two writers of the same session win': async (store) => {
    const { session, pages } = aLongSession();
    async function* overtaken(): AsyncGenerator<Message[]> {
      yield* pages.slice(0, 2);
      expect(await store.transfer.addSession(session, pagesOf(...pages))).toBe('added');
      yield* pages.slice(2);
    }
    const first = store.transfer.addSession(session, overtaken());
    await expect(first).rejects.toMatchObject({ code: expect.stringMatching(/BUSY|CONFLICT/) });
    expect((await read(store, session.id))[0]).toMatchObject({ messageCount: 1200 });
  },

  'adds many sessions as it adds one, and says what became of each': async (store) => {
    const source = createMemoryStore();
    const ids: string[] = [];
    for (let index = 0; index < 300; index += 1) {
      const tags = index % 2 === 0 ? ['b', 'a'] : [];
      const { id } = await aConversation(source, [`q ${index}`, 'a'].slice(0, index % 3), { tags });
      ids.push(id);
    }
    const whole = await aFullSession(source);
    const bytes = Buffer.from('picture');
    await store.attachments.put({ bytes, mediaType: 'image/png', name: 'a.png' });
    const sessions: WholeSession[] = [];
    for (const id of [...ids, whole]) {
      const [session, messages] = await read(source, id);
      sessions.push({ session: { ...session!, messageCount: 99 }, messages });
    }
    const [present, , named] = sessions as [WholeSession, WholeSession, WholeSession];
    await store.transfer.addSession(present.session, pagesOf());
    await aConversation(store, ['mine'], { handle: 'taken' });
    named.session = { ...named.session, handle: 'taken' };
    const outcomes = await store.transfer.addSessions([...sessions, present], { origin: 'import' });
    expect(outcomes.slice(3)).toEqual([...sessions.slice(3).map(() => 'added'), 'present']);
    expect(outcomes[0]).toBe('present');
    expect(outcomes[2]).toMatchObject({ code: 'SYNAPSE_SESSION_CONFLICT' });
    expect(await store.sessions.get(named.session.id)).toBeUndefined();
    for (const { session } of [...sessions.slice(3, 40), sessions.at(-1)!]) {
      expect(await read(store, session.id)).toEqual(await read(source, session.id));
    }
    expect(await store.transfer.addSessions([])).toEqual([]);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'extends a session with ids and numbers, title and marks, and keeps its name': async (store) => {
    const { id, messages } = await aConversation(store, ['fox', 'a'], { handle: 'work' });
    const before = (await store.sessions.get(id))!;
    const session = {
      ...before,
      ...{ handle: 'other', title: 'New \u0000', pinned: true, tags: ['b', 'a'], model: 'm' },
      ...{ metadata: { z: 1 }, updatedAt: at(60), messageCount: 99 },
    };
    const more = [
      { ...anAnswer('fox two'), sessionId: id, seq: 5, turn: 1, ...inConversation },
      { ...aMessage('three'), sessionId: id, seq: 7, turn: 2, ...inConversation },
    ];
    await store.transfer.extendSession(session, more, {
      ...{ lastSeq: 2, lease: null, origin: 'import' },
    });
    const [stored, all] = await read(store, id);
    expect(all).toEqual([...messages, ...more]);
    expect(stored).toEqual({
      ...{ ...session, handle: 'work', tags: ['a', 'b'], messageCount: 4, turnCount: 2 },
      ...{ unpricedCount: 2, preview: 'three', revision: 0 },
    });
    expect((await foundTexts(store, 'fox')).length).toBe(2);
    const [next] = await store.sessions.append(id, [aMessage('next')], null);
    expect(next).toMatchObject({ seq: 8, turn: 3 });
    const older = { ...session, updatedAt: at(-60) };
    await store.transfer.extendSession(
      older,
      [{ ...aMessage('x'), sessionId: id, seq: 9, turn: 4, ...inConversation }],
      {
        ...{ lastSeq: 8, lease: null },
      },
    );
    expect((await store.sessions.get(id))!.updatedAt).toEqual(at(60));
    expect(await store.maintenance.check()).toEqual([]);
  },

  'extends a session by a variant that takes the place of a turn': async (store) => {
    const { id, messages } = await aConversation(store, ['q1', 'a1', 'q2', 'a2']);
    const session = (await store.sessions.get(id))!;
    const place = { sessionId: id, turn: 3, variantOf: 2, active: true };
    const more = [
      { ...aMessage('q2'), ...place, seq: 5 },
      { ...anAnswer('b'), ...place, seq: 6 },
      { ...anAnswer('c'), ...place, seq: 7 },
    ];
    const inactive = new Set([2]);
    await store.transfer.extendSession(session, more, {
      ...{ lastSeq: 4, lease: null, inactive, origin: 'import' },
    });
    const left = messages.map((one) => ({ ...one, active: one.turn === 1 }));
    const [stored, all] = await read(store, id);
    expect(all).toEqual([...left, ...more]);
    expect(stored).toMatchObject({ messageCount: 5, turnCount: 2, preview: 'c' });
    const [next] = await store.sessions.append(id, [anAnswer('next')], null);
    expect(next).toMatchObject({ seq: 8, turn: 3, variantOf: 2 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'completes the last answer of a session, and replaces no other message': async (store) => {
    const { id } = await aConversation(store, ['q']);
    const partial = anAnswer('Bec', { status: 'interrupted' });
    await store.sessions.append(id, [partial], null);
    const session = (await store.sessions.get(id))!;
    const place = { sessionId: id, seq: 2, turn: 1, ...inConversation };
    const whole = { ...anAnswer('Because.', { id: partial.id }), ...place };
    const position = { lastSeq: 2, lease: null };
    await store.transfer.extendSession(session, [whole], position);
    const [stored, messages] = await read(store, id);
    expect(messages[1]).toEqual(whole);
    expect(stored).toMatchObject({ messageCount: 2, preview: 'Because.' });
    const again = store.transfer.extendSession(session, [whole], position);
    await expect(again).rejects.toMatchObject({ code: 'SYNAPSE_SESSION_CONFLICT' });
    expect((await read(store, id))[1]).toEqual(messages);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'extends nothing behind another end, with numbers that fall or under a lost lease': async (
    store,
  ) => {
    const { id } = await aConversation(store, ['q', 'a']);
    const session = (await store.sessions.get(id))!;
    const place = { sessionId: id, seq: 3, turn: 2, ...inConversation };
    const more = { ...aMessage('more'), ...place };
    const extend = (messages: Message[], lastSeq: number, lease: Lease | null = null) =>
      store.transfer.extendSession(session, messages, { lastSeq, lease });
    const conflict = { code: 'SYNAPSE_SESSION_CONFLICT' };
    await expect(extend([more], 1)).rejects.toMatchObject(conflict);
    const wrong = { code: 'SYNAPSE_INVALID_DATA' };
    await expect(extend([{ ...more, seq: 2 }], 2)).rejects.toMatchObject(wrong);
    const other = await aConversation(store, ['elsewhere']);
    const foreign = { ...more, id: other.messages[0]!.id };
    await expect(extend([foreign], 2)).rejects.toMatchObject(conflict);
    const lease = await store.sessions.acquireLease(id, aLeaseRequest());
    await store.sessions.releaseLease(lease);
    const busy = { code: 'SYNAPSE_SESSION_BUSY' };
    await expect(extend([more], 2, lease)).rejects.toMatchObject(busy);
    expect(await read(store, id)).toEqual([
      { ...session, revision: 0 },
      await store.sessions.messages(id, { limit: 9 }),
    ]);
    await store.sessions.trash(id, noon);
    await extend([more], 2);
    expect(await store.sessions.get(id)).toMatchObject({ messageCount: 3, deletedAt: noon });
  },

  'refuses a handle or a message that another session has': async (store) => {
    const { messages } = await aConversation(store, ['q'], { handle: 'work' });
    const conflict = { code: 'SYNAPSE_SESSION_CONFLICT' };
    const id = newId();
    const session = { ...(await store.sessions.get(messages[0]!.sessionId))!, id };
    await expect(store.transfer.addSession(session, pagesOf())).rejects.toMatchObject(conflict);
    const nameless = { ...session, handle: null };
    await expect(store.transfer.addSession(nameless, pagesOf(messages))).rejects.toMatchObject(
      conflict,
    );
    expect(await store.sessions.get(id)).toBeUndefined();
    const trashed = { ...session, deletedAt: noon };
    expect(await store.transfer.addSession(trashed, pagesOf())).toBe('added');
    expect(await store.transfer.addSession(session, pagesOf(messages))).toBe('present');
  },

  'keeps the attachments of what it has added': async (store) => {
    const bytes = Buffer.from('x');
    const attachment = await store.attachments.put({ bytes, mediaType: 'text/plain', name: null });
    const source = createMemoryStore();
    const { id } = await source.sessions.create(aSession());
    const parts = [{ type: 'file' as const, attachment }];
    const messages = await source.sessions.append(id, [aMessage('', { parts })], null);
    await store.transfer.addSession((await source.sessions.get(id))!, pagesOf(messages));
    const { id: other } = await store.sessions.create(aSession());
    await store.sessions.append(other, [aMessage('', { parts })], null);
    await store.sessions.purge([other]);
    expect(await store.attachments.get(attachment.sha256)).toEqual(new Uint8Array(bytes));
    await store.sessions.purge([id]);
    expect(await store.attachments.get(attachment.sha256)).toBeUndefined();
  },

  'copies a session that is longer than a page': async (store) => {
    const { id } = await store.sessions.create(aSession());
    for (let page = 0; page < 3; page += 1) {
      const messages = Array.from({ length: 400 }, (_, index) => aMessage(`m ${page} ${index}`));
      await store.sessions.append(id, messages, null);
    }
    const other = createMemoryStore();
    expect(await copyStore(store, other)).toMatchObject({ messageCount: 1200, differing: [] });
    const digest = async ({ sessions }: Pick<Store, 'sessions'>) =>
      digestSession((await sessions.get(id))!, messagePages(sessions, id));
    expect(await digest(other)).toBe(await digest(store));
  },
};
