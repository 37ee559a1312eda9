import {
  ApprovalNotFoundError,
  RunNotFoundError,
  TokenNotFoundError,
} from '../errors/server-errors.ts';
import type { ApprovalStore, StoredApproval } from '../ports/approval-store.ts';
import type { Run, RunStore } from '../ports/run-store.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { Access } from './access.ts';

export function scopeRuns(runs: RunStore, access: Access): RunStore {
  const get = async (runId: string): Promise<Run | undefined> => {
    const run = await runs.get(runId);
    return run && (await access.owns(run.sessionId)) ? run : undefined;
  };
  const requireRun = async (runId: string): Promise<void> => {
    if (!(await get(runId))) throw new RunNotFoundError(runId);
  };
  return {
    begin: async (run) => {
      await access.requireSession(run.sessionId);
      return runs.begin(run);
    },
    append: async (runId, events) => {
      await requireRun(runId);
      return runs.append(runId, events);
    },
    read: async (runId, page) => {
      await requireRun(runId);
      return runs.read(runId, page);
    },
    end: async (runId, outcome, at) => {
      await requireRun(runId);
      return runs.end(runId, outcome, at);
    },
    get,
    active: async (sessionId) =>
      (await access.owns(sessionId)) ? runs.active(sessionId) : undefined,
    list: async (sessionId, limit) =>
      (await access.owns(sessionId)) ? runs.list(sessionId, limit) : [],
    requestCancel: async (runId) => {
      await requireRun(runId);
      return runs.requestCancel(runId);
    },
    orphans: async (isDead) => {
      access.requireAdmin();
      return runs.orphans(isDead);
    },
    // Tells nothing of the run; reading it is checked.
    wake: (runId, signal) => runs.wake(runId, signal),
    prune: async (endedBefore) => {
      access.requireAdmin();
      return runs.prune(endedBefore);
    },
  };
}

export function scopeApprovals(approvals: ApprovalStore, access: Access): ApprovalStore {
  const get = async (id: string): Promise<StoredApproval | undefined> => {
    const approval = await approvals.get(id);
    return approval && (await access.owns(approval.sessionId)) ? approval : undefined;
  };
  return {
    open: async (approval) => {
      await access.requireSession(approval.sessionId);
      return approvals.open(approval);
    },
    get,
    pending: (query) => approvals.pending({ ...query, owner: access.owner }),
    decide: async (id, ...rest) => {
      if (!(await get(id))) throw new ApprovalNotFoundError(id);
      return approvals.decide(id, ...rest);
    },
    withdraw: async (id, at) => {
      if (await get(id)) await approvals.withdraw(id, at);
    },
    expire: async (at) => {
      access.requireAdmin();
      return approvals.expire(at);
    },
  };
}

export function scopeTokens(tokens: TokenStore, access: Access): TokenStore {
  const { owner } = access;
  const has = async (id: string): Promise<boolean> =>
    (await tokens.list({ owner })).some((token) => token.id === id);
  return {
    create: async (token) => {
      access.requireScopes(token.scopes);
      return tokens.create({ ...token, owner });
    },
    find: (hash) => tokens.find(hash, { owner }),
    list: () => tokens.list({ owner }),
    revoke: async (id, at) => {
      if (!(await has(id))) throw new TokenNotFoundError(id);
      return tokens.revoke(id, at);
    },
    used: async (id, at) => {
      if (await has(id)) await tokens.used(id, at);
    },
  };
}
