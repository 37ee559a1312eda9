import { emptySession, type JsonObject, type Session } from '@synapse/core';
import { firstPrompt } from './history-nodes.ts';
import { timeOf } from './history-times.ts';
import type { History, HistoryFile, HistoryNode } from './history.ts';

/** Where a session comes from. */
export interface SessionSource {
  tool: string;
  file: HistoryFile;
  history: History;
  /** Added to those of the history. */
  tags: readonly string[];
}

/** The session of a path through a history, without its messages. */
export function toSession(
  id: string,
  nodes: readonly HistoryNode[],
  { tool, file, history, tags }: SessionSource,
): Session {
  const createdAt = timeOf(history, history, file);
  const { workingDirectory, model, provider, systemPrompt } = history;
  const { parentId, metadata, isArchived, isPinned } = history;
  const source: JsonObject = { ...metadata, tool, id: history.id, path: file.path };
  if (parentId !== undefined) source.parentId = parentId;
  const session = emptySession({
    ...{ id, createdAt, title: history.title ?? firstPrompt(nodes), origin: tool },
    ...{ provider: provider ?? null, model: model ?? null, systemPrompt: systemPrompt ?? null },
    workingDirectory: workingDirectory ?? null,
    tags: [...new Set([...(history.tags ?? []), ...tags])],
    ...{ archived: isArchived ?? false, pinned: isPinned ?? false, metadata: { history: source } },
  });
  const last = nodes.at(-1);
  return { ...session, updatedAt: last ? timeOf(last, history, file) : createdAt };
}

/** Keeps what the user has changed here: the name, the tags and the marks. */
export function withOwnChanges(stored: Session, incoming: Session, prompt: string | null): Session {
  const isRenamed = stored.title !== prompt && stored.title !== null;
  const { archived, pinned } = stored;
  return {
    ...{ ...incoming, archived, pinned },
    title: isRenamed ? stored.title : incoming.title,
    tags: [...new Set([...stored.tags, ...incoming.tags])],
  };
}
