import { type Message, type Session, toUsd, type Price } from '@synapse/core';
import { partToJson } from './part-json.ts';

/** A session as every JSON output and every export shows it. Nothing of it is lost but what its messages say. */
export function sessionToJson(session: Session): object {
  const { costNanoUsd, unpricedCount } = session;
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
    costUsd: unpricedCount > 0 && costNanoUsd === 0 ? null : toUsd(costNanoUsd),
    unpricedCount,
    tags: session.tags,
    pinned: session.pinned,
    archived: session.archived,
    deletedAt: session.deletedAt,
    forkedFrom: session.forkedFrom && {
      sessionId: session.forkedFrom.sessionId,
      messageId: session.forkedFrom.messageId,
    },
    owner: session.owner,
    metadata: session.metadata,
    createdAt: session.createdAt,
    updatedAt: session.updatedAt,
    preview: session.preview,
  };
}

/** A message likewise; `cost` has the price that `costUsd` was reckoned with. */
export function messageToJson(message: Message): object {
  const { usage, cost, finishReason, error } = message;
  return {
    id: message.id,
    seq: message.seq,
    turn: message.turn,
    variantOf: message.variantOf,
    active: message.active,
    role: message.role,
    status: message.status,
    parts: message.parts.map(partToJson),
    provider: message.provider,
    model: message.model,
    askedProvider: message.askedProvider,
    askedModel: message.askedModel,
    usage: usage && {
      inputTokens: usage.inputTokens,
      outputTokens: usage.outputTokens,
      cacheReadTokens: usage.cacheReadTokens,
      cacheWriteTokens: usage.cacheWriteTokens,
      reasoningTokens: usage.reasoningTokens,
      estimated: usage.estimated,
    },
    costUsd: cost && toUsd(cost.nanoUsd),
    cost: cost && {
      nanoUsd: cost.nanoUsd,
      price: cost.price === 'reported' ? cost.price : priceToJson(cost.price),
    },
    finishReason: finishReason?.unified ?? null,
    rawFinishReason: finishReason?.raw ?? null,
    latencyMs: message.latencyMs,
    timeToFirstTokenMs: message.timeToFirstTokenMs,
    error: error && { code: error.code, message: error.message },
    copyOf: message.copyOf,
    createdAt: message.createdAt,
  };
}

function priceToJson(price: Price) {
  return {
    inputPerMillion: price.inputPerMillion,
    outputPerMillion: price.outputPerMillion,
    cacheReadPerMillion: price.cacheReadPerMillion,
    cacheWritePerMillion: price.cacheWritePerMillion,
  };
}
