import type { Lease, Message, NewMessage, Session } from '@synapse/core';
import type { LedgerEntry, Cost } from '@synapse/core/store-kit';

// Copies through JSON text, as the databases do, so that all stores keep exactly the same.
function copyJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function copySession(session: Session): Session {
  return {
    ...session,
    tags: [...session.tags],
    deletedAt: session.deletedAt && new Date(session.deletedAt),
    forkedFrom: session.forkedFrom && { ...session.forkedFrom },
    metadata: copyJson(session.metadata),
    createdAt: new Date(session.createdAt),
    updatedAt: new Date(session.updatedAt),
  };
}

export function copyMessage<T extends NewMessage>(message: T): T {
  return {
    ...message,
    parts: copyJson(message.parts),
    usage: message.usage && { ...message.usage },
    cost: copyCost(message.cost),
    finishReason: message.finishReason && { ...message.finishReason },
    error: message.error && { ...message.error },
    createdAt: new Date(message.createdAt),
  };
}

export function copyEntry(entry: LedgerEntry): LedgerEntry {
  return {
    ...entry,
    usage: entry.usage && { ...entry.usage },
    cost: copyCost(entry.cost),
    finishReason: entry.finishReason && { ...entry.finishReason },
    createdAt: new Date(entry.createdAt),
  };
}

export function copyMessages(messages: readonly Message[]): Message[] {
  return messages.map(copyMessage);
}

function copyCost(cost: Cost | null): Cost | null {
  if (cost === null || cost.price === 'reported') return cost && { ...cost };
  return { nanoUsd: cost.nanoUsd, price: { ...cost.price } };
}

export function copyLease(lease: Lease): Lease {
  return { ...lease, holder: { ...lease.holder }, expiresAt: new Date(lease.expiresAt) };
}
