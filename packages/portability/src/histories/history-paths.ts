import { forkIdOf } from '../merge-session.ts';
import type { History, HistoryNode } from './history.ts';

export interface HistoryPath {
  /** From the first message to an end of the tree. */
  nodes: HistoryNode[];
  /** The first message that no earlier path has. */
  branchesAt: HistoryNode;
}

/**
 * The paths to all ends of a history. The first one is the path with most of the messages that are stored as its
 * main session, then the active one, so that a changed choice in the tool moves no stored message. Messages with equal
 * ids are one.
 */
export function choosePaths(
  { nodes, activeId }: History,
  idOf: (node: HistoryNode) => string,
  countStored: (path: readonly HistoryNode[]) => number,
): HistoryPath[] {
  const firstOf = new Map<string, HistoryNode>();
  const byId = new Map<string, HistoryNode>();
  for (const node of nodes) {
    const first = firstOf.get(idOf(node)) ?? node;
    firstOf.set(idOf(node), first);
    byId.set(node.id, first);
  }
  const parents = new Set(nodes.map(({ parentId }) => byId.get(parentId ?? '')));
  const ends = [...firstOf.values()].filter((node) => !parents.has(node));
  const active = byId.get(activeId ?? '') ?? byId.get(nodes.at(-1)?.id ?? '');
  const scored = ends.map((end) => {
    const path = pathTo(end, byId);
    const isActive = active !== undefined && path.includes(active);
    return { end, path, isActive, stored: countStored(path) };
  });
  scored.sort((a, b) => b.stored - a.stored || Number(b.isActive) - Number(a.isActive));
  const seen = new Set<HistoryNode>();
  return scored.map(({ end, path }) => {
    const branchesAt = path.find((node) => !seen.has(node)) ?? end;
    for (const node of path) seen.add(node);
    return { nodes: path, branchesAt };
  });
}

function pathTo(end: HistoryNode, byId: ReadonlyMap<string, HistoryNode>): HistoryNode[] {
  const path = [end];
  const seen = new Set(path);
  for (let node = byId.get(end.parentId ?? ''); node && !seen.has(node);) {
    path.push(node);
    seen.add(node);
    node = byId.get(node.parentId ?? '');
  }
  return path.reverse();
}

/**
 * A session, and the forks of it that hold what its file got after the session had continued here. `ownerOf` names the
 * sessions that have the messages already.
 */
export function withMergedForks(
  sessionId: string,
  path: readonly HistoryNode[],
  idOf: (node: HistoryNode) => string,
  ownerOf: (node: HistoryNode) => string | undefined,
): Set<string> {
  const own = new Set([sessionId]);
  let [last, before] = [sessionId, sessionId];
  for (const node of path) {
    const owner = ownerOf(node) ?? before;
    if (owner !== before && owner === forkIdOf(last, idOf(node))) {
      own.add(owner);
      last = owner;
    }
    before = owner;
  }
  return own;
}
