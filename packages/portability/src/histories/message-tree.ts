import { splitResults } from './content-blocks.ts';
import type { HistoryNode, HistoryPart } from './history.ts';
import { hashOf } from './history-ids.ts';
import { contentKey } from './history-nodes.ts';

/** A message as its tool keeps it. An answer may hold the results of its calls. */
export interface TreeMessage extends Pick<
  HistoryNode,
  'role' | 'parts' | 'provider' | 'model' | 'usage' | 'isInterrupted' | 'isOpen'
> {
  /** The tool's own id. Without one, the message is recognised by its content. */
  id?: string | undefined;
  /** Undefined means the message before; one that is not in the tree makes the message a root. */
  parentId?: string | null | undefined;
  createdAt?: Date | undefined;
}

/**
 * The nodes of messages that come in any order, each after its parent; a circle of parents is cut. Results in an
 * answer go into messages of their own, and a repeated message is left out. `endOf` has the last node of each message,
 * by the id of the message.
 */
export function toNodes(
  messages: readonly TreeMessage[],
  startedAt: Date,
): { nodes: HistoryNode[]; endOf: Map<string, string> } {
  const placeOf = new Map<string, number>();
  for (const [place, { id }] of messages.entries()) {
    if (id !== undefined && !placeOf.has(id)) placeOf.set(id, place);
  }
  const nodes: HistoryNode[] = [];
  const ends = new Map<number, HistoryNode>();
  const twins = new Map<string, HistoryNode>();
  const endOf = new Map<string, string>();
  for (const [place, parent] of parentsFirst(messages, placeOf)) {
    const message = messages[place];
    if (!message) continue;
    const { id, createdAt, role, parts } = message;
    const isFirst = id === undefined || placeOf.get(id) === place;
    const key = isFirst ? id : `${id} ${contentKey(parts)}`;
    let last = parent === undefined ? undefined : ends.get(parent);
    const twin = hashOf(last?.id ?? '', role, id ?? '', contentKey(parts));
    const known = twins.get(twin);
    if (known) {
      ends.set(place, known);
      continue;
    }
    const time = createdAt ?? last?.createdAt ?? startedAt;
    for (const piece of piecesOf(message, key, time)) {
      last = { ...piece, id: String(nodes.length), parentId: last?.id ?? null };
      nodes.push(last);
    }
    if (!last) continue;
    ends.set(place, last);
    twins.set(twin, last);
    if (id !== undefined && isFirst) endOf.set(id, last.id);
  }
  return { nodes, endOf };
}

/** The places of the messages with those of their parents; in a circle, one comes before its parent. */
function parentsFirst(
  messages: readonly TreeMessage[],
  placeOf: ReadonlyMap<string, number>,
): Map<number, number | undefined> {
  const order = new Map<number, number | undefined>();
  for (const place of messages.keys()) {
    const waiting = new Set<number>();
    let next: number | undefined = place;
    while (next !== undefined && !order.has(next) && !waiting.has(next)) {
      waiting.add(next);
      next = parentOf(next);
    }
    for (const found of [...waiting].reverse()) order.set(found, parentOf(found));
  }
  return order;

  function parentOf(place: number): number | undefined {
    const { parentId } = messages[place] ?? {};
    if (parentId === undefined) return place === 0 ? undefined : place - 1;
    return parentId === null ? undefined : placeOf.get(parentId);
  }
}

type Piece = Omit<HistoryNode, 'id' | 'parentId'>;

function piecesOf(message: TreeMessage, id: string | undefined, createdAt: Date): Piece[] {
  const { role, parts, provider, model, usage, isInterrupted, isOpen } = message;
  const split = role === 'assistant' ? splitResults(role, parts) : [{ role, parts }];
  const pieces = split.map((piece): Piece => ({ ...piece, createdAt }));
  for (const [index, piece] of pieces.entries()) {
    if (id !== undefined) piece.key = index === 0 ? id : `${id} ${index}`;
    if (piece.role === 'assistant') Object.assign(piece, { provider, model });
  }
  const answer = pieces.find((piece) => piece.role === 'assistant');
  if (answer && usage) answer.usage = usage;
  Object.assign(pieces.at(-1) ?? {}, { isInterrupted, isOpen });
  return pieces;
}

/** The texts of a message, each on lines of its own. */
export function plainText(parts: readonly HistoryPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n');
}
