import { toUsd, type Message, type NewMessage, type Session } from '@synapse/core';

/** A session as every JSON output and every export shows it. */
export function sessionToJson(session: Session): object {
  return {
    id: session.id,
    handle: session.handle,
    title: session.title,
    provider: session.provider,
    model: session.model,
    systemPrompt: session.systemPrompt,
    workingDirectory: session.workingDirectory,
    messageCount: session.messageCount,
    turnCount: session.turnCount,
    inputTokens: session.inputTokens,
    outputTokens: session.outputTokens,
    totalTokens: session.inputTokens + session.outputTokens,
    costUsd:
      session.unpricedCount > 0 && session.costNanoUsd === 0 ? null : toUsd(session.costNanoUsd),
    unpricedCount: session.unpricedCount,
    tags: session.tags,
    pinned: session.pinned,
    archived: session.archived,
    deletedAt: session.deletedAt,
    forkedFrom: session.forkedFrom,
    createdAt: session.createdAt,
    updatedAt: session.updatedAt,
    preview: session.preview,
  };
}

export function messageToJson(message: Message): object {
  const { id, seq, turn, role, status, parts, provider, model, createdAt } = message;
  return {
    id,
    seq,
    turn,
    role,
    status,
    parts,
    provider,
    model,
    usage: message.usage,
    costUsd: costOf(message),
    finishReason: message.finishReason?.unified ?? null,
    latencyMs: message.latencyMs,
    timeToFirstTokenMs: message.timeToFirstTokenMs,
    error: message.error,
    createdAt,
  };
}

export function costOf({ cost }: NewMessage): number | null {
  return cost && toUsd(cost.nanoUsd);
}
