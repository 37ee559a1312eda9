import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core/conversation';
import {
  ApprovalClosedError,
  ApprovalNotFoundError,
  type ApprovalState,
  type ApprovalStore,
  type NewApproval,
  type PendingQuery,
  type StoredApproval,
} from '@synapse/core/server';
import { SessionConflictError } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { filterBySession } from './owner.ts';
import type { ApprovalRow } from './rows.ts';
import { lockSession } from './stored-sessions.ts';
import { fromStoredText, fromStoredTextOrNull, toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const PENDING: ApprovalState = 'pending';

export class KnexApprovalStore implements ApprovalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  open(approval: NewApproval): Promise<StoredApproval> {
    const taken = () =>
      new SessionConflictError(`An approval of another session has the id ${approval.id}.`);
    return this.#database.write(
      async (tables) => {
        await lockSession(tables, approval.sessionId);
        const [known] = await tables.from('approvals').where('id', approval.id);
        if (known && known.session_id !== approval.sessionId) throw taken();
        if (known) return fromRow(known);
        const row = toRow(approval);
        await tables.from('approvals').insert(row);
        return fromRow(row);
      },
      { isRepeatable: true, onDuplicate: taken },
    );
  }

  get(id: string): Promise<StoredApproval | undefined> {
    return this.#database.read((tables) => readApproval(tables, id));
  }

  async pending({ sessionId, owner }: PendingQuery = {}): Promise<StoredApproval[]> {
    const rows = await this.#database.read((tables) => {
      const select = pendingApprovals(tables, owner);
      if (sessionId !== undefined) void select.where('session_id', sessionId);
      return select.orderBy(['opened_at', 'id']);
    });
    return rows.map(fromRow);
  }

  async decide(id: string, answer: ApprovalAnswer, by: string, at: Date): Promise<StoredApproval> {
    const [decided] = await this.#database.write(
      (tables) =>
        pendingApprovals(tables)
          .where('id', id)
          .where('expires_at', '>', at.getTime())
          .update({
            ...{ state: 'decided', answer, decided_by: toStoredText(by), closed_at: at.getTime() },
          })
          .returning('*'),
      { isRepeatable: true },
    );
    if (decided) return fromRow(decided);
    const stored = await this.get(id);
    if (!stored) throw new ApprovalNotFoundError(id);
    if (stored.answer === answer) return stored;
    throw new ApprovalClosedError(stored);
  }

  async withdraw(id: string, at: Date): Promise<void> {
    await this.#database.write(
      (tables) =>
        pendingApprovals(tables)
          .where('id', id)
          .update({ state: 'withdrawn', closed_at: at.getTime() }),
      { isRepeatable: true },
    );
  }

  async expire(at: Date): Promise<StoredApproval[]> {
    const rows = await this.#database.write(
      (tables) =>
        pendingApprovals(tables)
          .where('expires_at', '<=', at.getTime())
          .update({ state: 'expired', closed_at: at.getTime() })
          .returning('*'),
      { isRepeatable: false },
    );
    return rows.map(fromRow).sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function pendingApprovals(tables: Tables, owner?: string | null) {
  const select = tables.from('approvals').where('state', PENDING);
  filterBySession(tables, select, 'approvals', owner);
  return select;
}

async function readApproval(tables: Tables, id: string): Promise<StoredApproval | undefined> {
  const select = tables.from('approvals').where('id', id);
  filterBySession(tables, select, 'approvals');
  const [row] = await select;
  return row && fromRow(row);
}

/** Those of a session that wait for no answer. */
export async function removeClosedApprovals(tables: Tables, sessionId: string): Promise<void> {
  await tables.from('approvals').where('session_id', sessionId).whereNot('state', PENDING).delete();
}

function toRow(approval: NewApproval): ApprovalRow {
  return {
    ...{ id: approval.id, session_id: approval.sessionId, run_id: approval.runId },
    ...{ call_id: toStoredText(approval.callId), question: JSON.stringify(approval.question) },
    ...{ opened_at: approval.openedAt.getTime(), expires_at: approval.expiresAt.getTime() },
    ...{ state: PENDING, answer: null, decided_by: null, closed_at: null },
  };
}

function fromRow(row: ApprovalRow): StoredApproval {
  return {
    id: row.id,
    sessionId: row.session_id,
    runId: row.run_id,
    callId: fromStoredText(row.call_id),
    question: JSON.parse(row.question) as ApprovalQuestion,
    openedAt: new Date(row.opened_at),
    expiresAt: new Date(row.expires_at),
    state: row.state as ApprovalState,
    answer: row.answer as ApprovalAnswer | null,
    decidedBy: fromStoredTextOrNull(row.decided_by),
    closedAt: row.closed_at === null ? null : new Date(row.closed_at),
  };
}
