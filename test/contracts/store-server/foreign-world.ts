import { createHash } from 'node:crypto';
import { newId, type Lease, type Store } from '@synapse/core';
import { aConversation, aLeaseRequest, aMessage, noon } from '../../support/samples.ts';
import { anApproval } from './approval-cases.ts';
import { anEvent, aRun } from './run-cases.ts';

/** The ids of one owner's things, or ids that nothing has. */
export interface WorldIds {
  session: string;
  message: string;
  newMessage: string;
  run: string;
  approval: string;
  token: string;
  sha256: string;
  alias: string;
  prefix: string;
  lease: Lease;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

export function unknownWorld(): WorldIds {
  const lease = { ...aLeaseRequest(), sessionId: newId(), token: 1, expiresAt: noon, lastSeq: 3 };
  return {
    ...{ session: lease.sessionId, message: newId(), newMessage: newId(), run: newId() },
    ...{ approval: newId(), token: newId(), sha256: hashOf(newId()), alias: newId() },
    ...{ prefix: newId(), lease },
  };
}

/** A session with one of everything, of the owner `local`. */
export async function aWorld(store: Store): Promise<WorldIds> {
  const { id, messages } = await aConversation(store, ['secret question', 'secret answer'], {
    ...{ handle: 'secret', title: 'secret title', tags: ['secret'] },
  });
  const bytes = new TextEncoder().encode(`secret ${newId()}`);
  const file = await store.attachments.put({ bytes, mediaType: 'text/plain', name: 'secret.txt' });
  const lease = await store.sessions.acquireLease(id, aLeaseRequest());
  await store.sessions.append(
    id,
    [aMessage('', { parts: [{ type: 'file', attachment: file }] })],
    lease,
  );
  const run = aRun(id, { instanceId: lease.holder.instanceId });
  await store.runs.begin(run);
  await store.runs.append(run.id, [anEvent('secret')]);
  const approval = anApproval(id, { runId: run.id });
  await store.approvals.open(approval);
  const token = newId();
  await store.tokens.create({
    ...{ id: token, name: 'secret', hash: hashOf(token), scopes: ['read'], owner: null },
    createdAt: noon,
  });
  const receipt = { tokenId: token, key: file.sha256, fingerprint: file.sha256, at: noon };
  await store.receipts.keep(receipt, noon);
  const [alias, prefix] = [newId(), newId()];
  await store.aliases.set('secret', alias, id);
  const message = messages[1]!.id;
  await store.aliases.addPrefixes([{ hash: prefix, sessionId: id, messageId: message }]);
  return {
    ...{ session: id, message, newMessage: newId(), run: run.id, approval: approval.id, token },
    ...{ sha256: file.sha256, alias, prefix, lease },
  };
}

/** Everything of the world that another owner could change. */
export async function stateOf(store: Store, ids: WorldIds): Promise<unknown> {
  const { session, run, approval, alias, prefix, sha256, token } = ids;
  return {
    session: await store.sessions.get(session),
    messages: await store.sessions.messages(session, { limit: 50, turns: 'all' }),
    runs: await store.runs.list(session, 50),
    events: await store.runs.read(run, { after: 0, limit: 50 }),
    approval: await store.approvals.get(approval),
    pending: await store.approvals.pending(),
    tokens: await store.tokens.list({ owner: null }),
    alias: await store.aliases.find('secret', alias),
    receipt: await store.receipts.find(token, sha256),
    prefix: await store.aliases.findPrefix([prefix]),
    bytes: await store.attachments.get(sha256),
    ledger: await store.transfer.ledger({ after: null, limit: 50, sessionId: session }),
    lease: await store.sessions
      .acquireLease(session, aLeaseRequest())
      .catch((error: unknown) => (error as { lease: Lease }).lease),
    memo: await store.retention.memo(),
  };
}
