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

/**
 * The nodes without those that are in the file several times at the same place. Others that share their key are told
 * apart by their content.
 */
export function withoutRepeats(nodes: readonly HistoryNode[]): HistoryNode[] {
  const kept: HistoryNode[] = [];
  const keptIds = new Map<string, string>();
  const byPlace = new Map<string, HistoryNode>();
  for (const node of nodes) {
    const parentId = node.parentId === null ? null : (keptIds.get(node.parentId) ?? node.parentId);
    let { key } = node;
    let found = byPlace.get(placeOf(node, parentId, key));
    if (found && key !== undefined && contentKey(found.parts) !== contentKey(node.parts)) {
      key = `${key} ${contentKey(node.parts)}`;
      found = byPlace.get(placeOf(node, parentId, key));
    }
    keptIds.set(node.id, found?.id ?? node.id);
    if (found) continue;
    node.parentId = parentId;
    if (key !== undefined) node.key = key;
    byPlace.set(placeOf(node, parentId, key), node);
    kept.push(node);
  }
  return kept;
}

function placeOf({ role, parts }: HistoryNode, parentId: string | null, key?: string): string {
  return JSON.stringify([parentId, role, key ?? contentKey(parts), key !== undefined]);
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
