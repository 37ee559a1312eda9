import { newMessage, type Message, type Part } from '@synapse/core';
import { lengthOf, MAX_MESSAGE_LENGTH } from '@synapse/core/store-kit';
import { derivedId } from './history-ids.ts';
import { mayGrow } from './history-nodes.ts';
import type { HistoryNode, HistoryPart, Skip } from './history.ts';

/** A path through a history on its way into a session. */
export interface SessionPath {
  nodes: readonly HistoryNode[];
  sessionId: string;
  idOf(node: HistoryNode): string;
  /** Whether another session has the message already. */
  isCopy(node: HistoryNode): boolean;
  /** Stores an attachment. */
  toPart(part: HistoryPart): Promise<Part>;
  /** The time of a message, also if its file has none. */
  timeOf(node: HistoryNode): Date;
  skip: Skip;
}

const MESSAGES_PER_PAGE = 200;
const LENGTH_PER_PAGE = 4 << 20;

/** The messages of a path, made page by page, because a long path may not fit into memory. */
export async function* messagePagesOf(path: SessionPath): AsyncGenerator<readonly Message[]> {
  let page: Message[] = [];
  let length = 0;
  for await (const message of messagesOf(path)) {
    page.push(message);
    length += lengthOf(message.parts);
    if (page.length < MESSAGES_PER_PAGE && length < LENGTH_PER_PAGE) continue;
    yield page;
    [page, length] = [[], 0];
  }
  if (page.length > 0) yield page;
}

/** The id of the copy of a message in another session. */
export function copyIdOf(id: string, sessionId: string, { createdAt }: HistoryNode): string {
  return derivedId(createdAt, 'copy', sessionId, id);
}

async function* messagesOf(path: SessionPath): AsyncGenerator<Message> {
  const { nodes, sessionId, skip } = path;
  let [seq, turn] = [1, 0];
  for (const node of nodes) {
    if (node.role === 'user') turn += 1;
    const parts: Part[] = [];
    for (const part of node.parts) addPart(parts, await path.toPart(part), node.role);
    if (lengthOf(parts) > MAX_MESSAGE_LENGTH) {
      skip(`message ${node.id}`, 'is larger than 16 MiB');
      continue;
    }
    const id = path.idOf(node);
    const identity = path.isCopy(node)
      ? { id: copyIdOf(id, sessionId, node), copyOf: id }
      : { id, copyOf: null };
    const isOpen = node.isInterrupted === true || (node === nodes.at(-1) && mayGrow(nodes));
    const createdAt = path.timeOf(node);
    const { role, usage = null, provider = null, model = null } = node;
    const asked = role === 'assistant' ? { askedProvider: provider, askedModel: model } : {};
    yield {
      ...newMessage({ id: identity.id, role, parts, createdAt, usage, provider, model, ...asked }),
      ...{ copyOf: identity.copyOf, sessionId, seq, turn, variantOf: null, active: true },
      status: isOpen ? 'interrupted' : 'complete',
    };
    seq += 1;
  }
}

/** Adds a part to a message. An image after the result of a tool belongs to the result, and is sent with it. */
function addPart(parts: Part[], part: Part, role: HistoryNode['role']): void {
  const last = parts.at(-1);
  if (role === 'tool' && part.type === 'image' && last?.type === 'tool-result') {
    const attachments = [...(last.attachments ?? []), part.attachment];
    parts.splice(-1, 1, { ...last, attachments });
  } else parts.push(part);
}
