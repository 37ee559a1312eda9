import { expect } from '@jest/globals';
import { newId, parseSearchQuery, type Message, type Store } from '@synapse/core';
import type { Identity } from '@synapse/core/server';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  aSession,
  at,
  noon,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { anApproval } from './approval-cases.ts';
import { aWorld, stateOf, unknownWorld, type WorldIds } from './foreign-world.ts';
import { anEvent, aRun } from './run-cases.ts';

const ann: Identity = { owner: 'ann', tokenId: newId(), scopes: ['read', 'write', 'tools'] };

/** Calls a method with ids; with those of another owner it must do the same as with unknown ones. */
type Call = (store: Store, ids: WorldIds) => unknown;

/** A method that concerns the whole store, and needs the scope `admin`. */
const forAdmins = (call: Call) => ({ forAdmins: call });

/**
 * A method whose result differs for a known and an unknown id: its own case below shows that it
 * keeps to its owner.
 */
const ownCase = { ownCase: true } as const;

type Proof = Call | ReturnType<typeof forAdmins> | typeof ownCase;
type Part = Exclude<keyof Store, 'as' | 'close'>;
type Proofs = { [Name in Part]: Record<keyof Store[Name], Proof> };

async function* pages(...all: Message[][]): AsyncGenerator<readonly Message[]> {
  yield* all;
}

const candidate = { title: null, handle: null, updatedAt: noon, messageCount: 1 };
const note = { at: noon, reason: 'test' };
const limit = 50;

/** For each method of each port. A new method without a proof does not compile. */
const proofs: Proofs = {
  sessions: {
    create: ownCase,
    get: ({ sessions }, { session }) => sessions.get(session),
    find: async ({ sessions }, { session }) => [
      await sessions.find(session),
      await sessions.find('secret'),
      await sessions.find('secret title'),
      await sessions.find(session.slice(0, 30)),
    ],
    list: ({ sessions }) => sessions.list({ limit, archived: 'any', trashed: 'any' }),
    update: ({ sessions }, { session }) => sessions.update(session, { title: 'changed' }),
    append: ({ sessions }, { session, newMessage }) =>
      sessions.append(session, [aMessage('q', { id: newMessage })], null),
    chooseVariant: ({ sessions }, { session }) => sessions.chooseVariant(session, 1, null),
    messages: ({ sessions }, { session }) => sessions.messages(session, { limit }),
    promptMessages: ({ sessions }, { session }) => sessions.promptMessages(session, { limit }),
    message: ({ sessions }, { session, message }) => sessions.message(session, message),
    undoTurn: ({ sessions }, { session }) => sessions.undoTurn(session, null),
    clear: ({ sessions }, { session }) => sessions.clear(session, null),
    fork: ({ sessions }, { session }) => sessions.fork(session, aSession()),
    trash: ({ sessions }, { session }) => sessions.trash(session, noon),
    restore: ({ sessions }, { session }) => sessions.restore(session, at(9)),
    purge: ({ sessions }, { session }) => sessions.purge([session]),
    acquireLease: ({ sessions }, { session, lease }) =>
      sessions.acquireLease(session, aLeaseRequest({ takeOver: lease.token })),
    renewLease: ({ sessions }, { lease }) => sessions.renewLease(lease, 1),
    releaseLease: ({ sessions }, { lease }) => sessions.releaseLease(lease),
    requestHandOver: ({ sessions }, { session, lease }) =>
      sessions.requestHandOver(session, lease.token),
    leaseState: ({ sessions }, { lease }) => sessions.leaseState(lease),
  },
  search: {
    search: async ({ search }) => [
      await search.search(parseSearchQuery('secret', noon), { limit }),
      await search.search(parseSearchQuery('role:user', noon), { limit }),
    ],
  },
  attachments: {
    put: ownCase,
    get: async ({ attachments }, { sha256, session }) => [
      await attachments.get(sha256),
      await attachments.get(sha256, { sessionId: session }),
      await attachments.get(sha256, { owner: null }),
    ],
  },
  usage: {
    usage: async ({ usage }, { session }) => [
      await usage.usage({ by: 'session', origin: 'any' }),
      await usage.usage({ by: 'tag', owner: null }),
      await usage.usage({ by: 'model', sessionId: session }),
    ],
    sessionTotals: ({ usage }) => usage.sessionTotals({ owner: null }),
  },
  transfer: {
    sessionsAfter: ({ transfer }) => transfer.sessionsAfter(null, limit, { owner: null }),
    addSession: ownCase,
    addSessions: ownCase,
    extendSession: ({ transfer }, { session, newMessage }) => {
      const changed = { ...aSession(), id: session, tags: [], title: 'changed' };
      const place = { sessionId: session, seq: 9, turn: 9, variantOf: null, active: true };
      const message = { ...aMessage('q', { id: newMessage }), ...place };
      return transfer.extendSession(changed as never, [message], { lastSeq: 3, lease: null });
    },
    ownersOf: ({ transfer }, { message }) => transfer.ownersOf([message], { owner: null }),
    importMarks: forAdmins(({ transfer }) => transfer.importMarks(['/a'])),
    setImportMarks: forAdmins(({ transfer }) => transfer.setImportMarks(new Map([['/a', 'b']]))),
    ledger: async ({ transfer }, { session }) => [
      await transfer.ledger({ after: null, limit, owner: null }),
      await transfer.ledger({ after: null, limit, sessionId: session }),
    ],
    addLedger: ownCase,
    addAudit: forAdmins(({ transfer }) =>
      transfer.addAudit([{ ...note, action: 'trash', sessionId: newId(), title: null }]),
    ),
  },
  retention: {
    candidates: forAdmins(({ retention }) => retention.candidates({ inactiveSince: noon, limit })),
    activityAtRank: forAdmins(({ retention }) => retention.activityAtRank(1)),
    countActive: forAdmins(({ retention }) => retention.countActive({}, limit)),
    newestActivity: forAdmins(({ retention }) => retention.newestActivity()),
    mark: forAdmins(({ retention }) => retention.mark()),
    expiredTrash: forAdmins(({ retention }) => retention.expiredTrash(noon, limit)),
    trash: forAdmins(({ retention }, { session }) =>
      retention.trash([{ ...candidate, sessionId: session }], note),
    ),
    purge: forAdmins(({ retention }, { session }) =>
      retention.purge([{ ...candidate, sessionId: session }], note),
    ),
    scrub: forAdmins(({ retention }) => retention.scrub()),
    isScrubDue: forAdmins(({ retention }) => retention.isScrubDue()),
    dropForgotten: forAdmins(({ retention }) => retention.dropForgotten(noon)),
    audit: forAdmins(({ retention }) => retention.audit(limit)),
    memo: forAdmins(({ retention }) => retention.memo()),
    saveMemo: forAdmins(({ retention }) => retention.saveMemo({ mark: 9 })),
    claim: forAdmins(({ retention }) =>
      retention.claim({ token: newId(), now: noon, durationMs: 1 }),
    ),
    releaseClaim: forAdmins(({ retention }) => retention.releaseClaim(newId())),
  },
  maintenance: {
    info: forAdmins(({ maintenance }) => maintenance.info()),
    place: forAdmins(({ maintenance }) => maintenance.place()),
    schema: forAdmins(({ maintenance }) => maintenance.schema()),
    rollBack: forAdmins(({ maintenance }) => maintenance.rollBack()),
    check: forAdmins(({ maintenance }) => maintenance.check()),
    sizes: forAdmins(({ maintenance }) => maintenance.sizes()),
    vacuum: forAdmins(({ maintenance }) => maintenance.vacuum()),
    analyze: forAdmins(({ maintenance }) => maintenance.analyze()),
    fileBackup: ownCase,
  },
  changes: {
    // The number alone tells nothing of another owner.
    position: ({ changes }) => changes.position(),
    since: ({ changes }) => changes.since(0, limit, { owner: null }),
    wake: ownCase,
    prune: forAdmins(({ changes }) => changes.prune(noon)),
  },
  tokens: {
    create: ownCase,
    find: ({ tokens }, { sha256 }) => tokens.find(sha256, { owner: null }),
    list: ({ tokens }) => tokens.list({ owner: null }),
    revoke: ({ tokens }, { token }) => tokens.revoke(token, noon),
    used: ({ tokens }, { token }) => tokens.used(token, noon),
  },
  runs: {
    begin: ({ runs }, { session, newMessage }) => runs.begin(aRun(session, { id: newMessage })),
    append: ({ runs }, { run }) => runs.append(run, [anEvent('x')]),
    read: ({ runs }, { run }) => runs.read(run, { after: 0, limit }),
    end: ({ runs }, { run }) => runs.end(run, 'complete', noon),
    get: ({ runs }, { run }) => runs.get(run),
    active: ({ runs }, { session }) => runs.active(session),
    list: ({ runs }, { session }) => runs.list(session, limit),
    requestCancel: ({ runs }, { run }) => runs.requestCancel(run),
    wake: ownCase,
    orphans: forAdmins(({ runs }) => runs.orphans()),
    prune: forAdmins(({ runs }) => runs.prune(noon)),
  },
  approvals: {
    open: ({ approvals }, { session, newMessage }) =>
      approvals.open(anApproval(session, { id: newMessage })),
    get: ({ approvals }, { approval }) => approvals.get(approval),
    pending: async ({ approvals }, { session }) => [
      await approvals.pending({ owner: null }),
      await approvals.pending({ sessionId: session }),
    ],
    decide: ({ approvals }, { approval }) => approvals.decide(approval, 'once', 'ann', noon),
    withdraw: ({ approvals }, { approval }) => approvals.withdraw(approval, noon),
    expire: forAdmins(({ approvals }) => approvals.expire(at(99_999))),
  },
  aliases: {
    find: ({ aliases }, { alias }) => aliases.find('secret', alias, { owner: null }),
    set: ({ aliases }, { session, alias }) => aliases.set('secret', alias, session),
    findPrefix: ({ aliases }, { prefix }) => aliases.findPrefix([prefix], { owner: null }),
    addPrefixes: ({ aliases }, { session, prefix, newMessage }) =>
      aliases.addPrefixes([{ hash: prefix, sessionId: session, messageId: newMessage }]),
  },
  receipts: {
    keep: ({ receipts }, { token, sha256 }) =>
      receipts.keep({ tokenId: token, key: sha256, fingerprint: sha256, at: noon }, noon),
    find: ({ receipts }, { token, sha256 }) => receipts.find(token, sha256),
  },
};

const everyProof = Object.entries(proofs).flatMap(([part, methods]) =>
  Object.entries(methods as Record<string, Proof>).map(
    ([method, proof]) => [`${part}.${method}`, proof] as const,
  ),
);

/** The value or the error, with the ids replaced by their names. */
async function outcomeOf(call: Call, store: Store, ids: WorldIds): Promise<string> {
  const outcome = await Promise.resolve()
    .then(() => call(store, ids))
    .then(
      (value) => ({ value: value instanceof Map ? [...(value as Map<unknown, unknown>)] : value }),
      (error: unknown) => ({
        code: (error as { code?: string }).code,
        message: (error as Error).message,
      }),
    );
  let text = JSON.stringify(outcome);
  for (const [name, id] of Object.entries(ids)) {
    if (typeof id === 'string') text = text.replaceAll(id, name);
  }
  return text;
}

export const scopeCases: ContractCases<Store> = {
  'treats the ids of another owner like unknown ones, in every method': async (store) => {
    const theirs = await aWorld(store);
    const before = await stateOf(store, theirs);
    const scoped = store.as(ann);
    for (const [name, proof] of everyProof) {
      if (typeof proof !== 'function') continue;
      const unknown = await outcomeOf(proof, scoped, unknownWorld());
      expect([name, await outcomeOf(proof, scoped, theirs)]).toEqual([name, unknown]);
      expect([name, unknown.includes('secret ')]).toEqual([name, false]);
      expect([name, await stateOf(store, theirs)]).toEqual([name, before]);
    }
  },

  'asks for the scope admin in methods that concern the whole store': async (store) => {
    const theirs = await aWorld(store);
    const before = await stateOf(store, theirs);
    const scoped = store.as(ann);
    for (const [name, proof] of everyProof) {
      if (!('forAdmins' in proof)) continue;
      const outcome = await outcomeOf(proof.forAdmins, scoped, theirs);
      expect([name, outcome]).toEqual([name, expect.stringContaining('SYNAPSE_NOT_PERMITTED')]);
      expect([name, await stateOf(store, theirs)]).toEqual([name, before]);
    }
    const admin = store.as({ ...ann, scopes: ['admin'] });
    expect((await admin.maintenance.info()).sessionCount).toBe(1);
    expect(await admin.retention.newestActivity()).not.toBeNull();
    expect(await admin.runs.orphans()).toEqual([]);
    expect(await admin.runs.orphans(() => true)).toMatchObject([{ id: theirs.run }]);
  },

  'gives a token the bytes of its own uploads before a session uses them': async (store) => {
    const scoped = store.as(ann);
    const bytes = new TextEncoder().encode('upload');
    const { sha256 } = await scoped.attachments.put({ bytes, mediaType: 'text/plain', name: null });
    expect(await scoped.attachments.get(sha256)).toBeUndefined();
    const receipt = { tokenId: ann.tokenId!, key: sha256, fingerprint: sha256, at: noon };
    await scoped.receipts.keep(receipt, noon);
    expect(await scoped.attachments.get(sha256)).toEqual(bytes);
    expect(await scoped.attachments.get(sha256, { sessionId: newId() })).toBeUndefined();
    expect(await store.as({ ...ann, tokenId: newId() }).attachments.get(sha256)).toBeUndefined();
  },

  'has no method beside those of the ports': async (store) => {
    const scoped = store.as(ann);
    const names = Object.entries(scoped).flatMap(([part, port]) =>
      typeof port === 'function'
        ? []
        : Object.keys(port as object).map((name) => `${part}.${name}`),
    );
    expect(names.sort()).toEqual(everyProof.map(([name]) => name).sort());
  },

  'creates, imports and forks sessions of its owner': async (store) => {
    const scoped = store.as(ann);
    const mine = await aConversation(scoped, ['fox', 'answer'], { owner: 'bob', title: 'mine' });
    const fork = await scoped.sessions.fork(mine.id, aSession());
    const session = { ...(await scoped.sessions.get(mine.id))!, owner: null };
    const [one, two] = [newId(), newId()];
    await scoped.transfer.addSession({ ...session, id: one }, pages());
    const whole = { session: { ...session, id: two }, messages: [] };
    expect(await scoped.transfer.addSessions([whole])).toEqual(['added']);
    const ids = [mine.id, fork.id, one, two].sort();
    for (const id of ids) expect((await store.sessions.get(id))?.owner).toBe('ann');
    const { items } = await scoped.sessions.list({ limit });
    expect(items.map(({ id }) => id).sort()).toEqual(ids);
    expect(
      (await scoped.search.search(parseSearchQuery('fox', noon), { limit })).items,
    ).toHaveLength(2);
    expect(await store.as({ ...ann, owner: null }).sessions.list({ limit })).toMatchObject({
      items: [],
    });
    expect((await store.sessions.list({ limit })).items).toHaveLength(4);
    expect(await scoped.sessions.purge([mine.id, newId()])).toBe(1);
  },

  'refuses to import a session or calls over those of another owner': async (store) => {
    const theirs = await aWorld(store);
    const session = (await store.sessions.get(theirs.session))!;
    const ledger = await store.transfer.ledger({ after: null, limit });
    const before = await stateOf(store, theirs);
    const scoped = store.as(ann);
    const conflict = { code: 'SYNAPSE_SESSION_CONFLICT' };
    const other = { ...session, title: 'changed', handle: null };
    await expect(scoped.transfer.addSession(other, pages())).rejects.toMatchObject(conflict);
    const own = { ...other, id: newId() };
    const wholes = [other, own, other].map((one) => ({ session: one, messages: [] }));
    expect(await scoped.transfer.addSessions(wholes)).toMatchObject([conflict, 'added', conflict]);
    await expect(scoped.sessions.create(aSession({ id: session.id }))).rejects.toMatchObject(
      conflict,
    );
    const calls = ledger.map((entry) => ({ ...entry, id: newId() }));
    const missing = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
    await expect(scoped.transfer.addLedger(calls)).rejects.toMatchObject(missing);
    const gone = calls.map((entry) => ({ ...entry, sessionId: newId() }));
    await expect(scoped.transfer.addLedger(gone)).rejects.toMatchObject(missing);
    expect(await stateOf(store, theirs)).toEqual(before);
    expect(await store.as({ ...ann, owner: null }).transfer.addLedger(gone)).toBe(gone.length);
  },

  'counts the calls of purged sessions for their owner': async (store) => {
    const scoped = store.as(ann);
    const mine = await aConversation(scoped, ['q', 'a']);
    const local = await aConversation(store, ['q', 'a']);
    const groups = async (owner: string | null) =>
      (await store.as({ ...ann, owner }).usage.usage({ by: 'session' })).map(({ key }) => key);
    for (let time = 0; time < 2; time += 1) {
      expect([await groups('ann'), await groups(null)]).toEqual([[mine.id], [local.id]]);
      const entries = await scoped.transfer.ledger({ after: null, limit });
      expect(entries.map(({ sessionId }) => sessionId)).toEqual([mine.id]);
      await store.sessions.purge([mine.id, local.id]);
    }
  },

  'shows attachments of its own sessions only': async (store) => {
    const scoped = store.as(ann);
    const theirs = await aWorld(store);
    const bytes = (await store.attachments.get(theirs.sha256))!;
    const file = await scoped.attachments.put({ bytes, mediaType: 'text/plain', name: null });
    expect(await scoped.attachments.get(file.sha256)).toBeUndefined();
    const { id } = await scoped.sessions.create(aSession());
    await scoped.sessions.append(
      id,
      [aMessage('', { parts: [{ type: 'file', attachment: file }] })],
      null,
    );
    expect(await scoped.attachments.get(file.sha256)).toEqual(bytes);
    expect(await scoped.attachments.get(file.sha256, { sessionId: id })).toEqual(bytes);
    const elsewhere = { sessionId: theirs.session };
    expect(await scoped.attachments.get(file.sha256, elsewhere)).toBeUndefined();
    expect(await store.attachments.get(file.sha256, { sessionId: newId() })).toBeUndefined();
    expect(await store.attachments.get(file.sha256, elsewhere)).toEqual(bytes);
  },

  'creates tokens of its owner, with no more scopes than it has': async (store) => {
    const scoped = store.as(ann);
    const token = { id: newId(), name: 'ann', hash: 'a'.repeat(64), owner: null, createdAt: noon };
    await expect(
      scoped.tokens.create({ ...token, scopes: ['read', 'admin'] }),
    ).rejects.toMatchObject({ code: 'SYNAPSE_NOT_PERMITTED' });
    expect((await scoped.tokens.create({ ...token, scopes: ['read'] })).owner).toBe('ann');
    expect((await scoped.tokens.revoke(token.id, noon)).revokedAt).toEqual(noon);
    expect(await store.tokens.list({ owner: null })).toEqual([]);
  },

  'stays open for others, and opens no other scope': async (store) => {
    const scoped = store.as(ann);
    const { id } = await scoped.sessions.create(aSession());
    await scoped.close();
    expect((await store.sessions.get(id))?.id).toBe(id);
    expect(() => scoped.as({ ...ann, owner: null })).toThrow('does not open that of another');
    const signal = AbortSignal.abort();
    const wakes = scoped.changes.wake(signal)[Symbol.asyncIterator]();
    expect((await wakes.next()).done).toBe(true);
    const { fileBackup } = scoped.maintenance;
    if (fileBackup) {
      await expect(fileBackup.write('/nowhere/x', { overwrite: false })).rejects.toMatchObject({
        code: 'SYNAPSE_NOT_PERMITTED',
      });
    }
  },
};
