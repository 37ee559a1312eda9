import { createHash } from 'node:crypto';
import { titleFrom } from '@synapse/core';
import { hashOfAll } from './history-ids.ts';
import type { HistoryNode, HistoryPart } from './history.ts';

/** Whether the last message may lack parts that the tool has yet to write. */
export function mayGrow(nodes: readonly HistoryNode[]): boolean {
  const last = nodes.at(-1);
  const count = (node: HistoryNode | undefined, type: HistoryPart['type']) =>
    node?.parts.filter((part) => part.type === type).length ?? 0;
  if (last?.role === 'tool') {
    return count(last, 'tool-result') < count(nodes.at(-2), 'tool-call');
  }
  return last?.isOpen === true || (last?.role === 'assistant' && count(last, 'tool-call') > 0);
}

/** The same for the same content. */
export function contentKey(parts: readonly HistoryPart[]): string {
  return hashOfAll(
    parts.map((part) => ('bytes' in part ? sha256Of(part.bytes) : JSON.stringify(part))),
  );
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A title from the first text that the user wrote. */
export function firstPrompt(nodes: readonly HistoryNode[]): string | null {
  for (const { role, parts } of nodes) {
    if (role !== 'user') continue;
    const own = parts.flatMap((part) =>
      part.type === 'text' && !part.isInjected ? part.text : [],
    );
    const title = titleFrom(own.join('\n'));
    if (title !== null) return title;
  }
  return null;
}
