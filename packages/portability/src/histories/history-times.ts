import type { History, HistoryFile, HistoryNode } from './history.ts';

/** Whether a reader found no time in a file. */
export function isUnknown(time: Date): boolean {
  return !(time.getTime() > 0);
}

/** Whether the last message of a history is older. */
export function isOlder(history: History, file: HistoryFile, since: Date | undefined): boolean {
  return since !== undefined && history.nodes.every((node) => timeOf(node, history, file) < since);
}

/** The time of a message, or else of its history, or else of the file. */
export function timeOf(
  node: Pick<HistoryNode, 'createdAt'>,
  { createdAt }: History,
  { modifiedAt }: HistoryFile,
): Date {
  if (!isUnknown(node.createdAt)) return node.createdAt;
  return isUnknown(createdAt) ? modifiedAt : createdAt;
}
