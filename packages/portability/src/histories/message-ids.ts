import { derivedId, hashOf } from './history-ids.ts';
import { contentKey } from './history-nodes.ts';
import type { HistoryNode } from './history.ts';

/**
 * The ids of messages. Each follows from all messages before it, so that copies have the same. Some tools give copies
 * new times, so that the time of an id is none: it only keeps the messages of a history together.
 */
export function messageIds(
  nodes: readonly HistoryNode[],
  tool: string,
  root: string,
): Map<HistoryNode, string> {
  const start = hashOf(tool, root);
  const time = new Date(Number.parseInt(start.slice(0, 12), 16));
  const chains = new Map<string, string>();
  const nodeOf = new Map<string, HistoryNode>();
  const ids = new Map<HistoryNode, string>();
  for (const node of nodes) {
    const before = chains.get(node.parentId ?? '') ?? start;
    let chain = hashOf(before, node.role, node.key ?? growingKey(node));
    const other = nodeOf.get(chain);
    if (other && contentKey(other.parts) !== contentKey(node.parts)) {
      chain = hashOf(chain, contentKey(node.parts));
    }
    nodeOf.set(chain, node);
    chains.set(node.id, chain);
    ids.set(node, derivedId(time, 'message', chain));
  }
  return ids;
}

/** The same when the tool has added to the message: more of an answer, or a record about a prompt. */
function growingKey({ parts, isOpen }: HistoryNode): string {
  const own = parts.filter(({ type }) => type !== 'raw');
  if (own.length === 0) return contentKey(parts.slice(0, 1));
  return contentKey(isOpen === undefined ? own : own.slice(0, 1));
}
