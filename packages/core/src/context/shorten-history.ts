import type { Message } from '../session/message.ts';
import type { AttachmentReference, ContextPart, Part, ToolResultPart } from '../session/part.ts';

const LONGEST_OUTPUT = 400;
const KEPT_OF_OUTPUT = 160;
const REPEATED = '[The same call was made again later; see its result there.]';

type HistoryEntry = Pick<Message, 'seq' | 'role' | 'parts'>;

/**
 * Of identical calls up to `collapsedSeq`, only the last result is sent. Up to `prunedSeq`, long
 * results and attachments are replaced by their names. Everything later is unchanged, so that
 * requests keep the same beginning from turn to turn.
 */
export function shortenHistory<M extends HistoryEntry>(
  messages: readonly M[],
  { collapsedSeq, prunedSeq }: Pick<ContextPart, 'collapsedSeq' | 'prunedSeq'>,
  keptSeqs: ReadonlySet<number>,
): M[] {
  const lastSeq = Math.max(collapsedSeq, prunedSeq);
  // In most sessions there is nothing to shorten.
  if ((messages[0]?.seq ?? Infinity) > lastSeq) return [...messages];
  const repeated = findRepeated(messages.filter(({ seq }) => seq <= collapsedSeq));
  return messages.map((message) => {
    if (message.seq > lastSeq || keptSeqs.has(message.seq)) return message;
    const isPruned = message.seq <= prunedSeq;
    const parts = message.parts.map((part) => {
      if (part.type === 'tool-result' && repeated.has(part))
        return { ...bare(part), output: REPEATED };
      return isPruned ? prunePart(part) : part;
    });
    return { ...message, parts };
  });
}

/** The results of calls that the model makes again later, with the same name and arguments. */
function findRepeated(messages: readonly HistoryEntry[]): Set<ToolResultPart> {
  const latest = new Map<string, ToolResultPart>();
  const repeated = new Set<ToolResultPart>();
  let calls = new Map<string, string>();
  for (const { role, parts } of messages) {
    if (role === 'assistant') calls = new Map(parts.flatMap(toCallKey));
    for (const part of parts) {
      if (part.type !== 'tool-result') continue;
      const key = calls.get(part.id);
      if (key === undefined) continue;
      const earlier = latest.get(key);
      if (earlier) repeated.add(earlier);
      latest.set(key, part);
    }
  }
  return repeated;
}

function toCallKey(part: Part): [id: string, key: string][] {
  if (part.type !== 'tool-call') return [];
  return [[part.id, JSON.stringify([part.name, part.input])]];
}

function prunePart(part: Part): Part {
  switch (part.type) {
    case 'tool-result':
      return pruneResult(part);
    case 'image':
    case 'file':
      return { type: 'text', text: `[${part.type} sent before: ${nameOf(part.attachment)}]` };
    default:
      return part;
  }
}

function pruneResult(result: ToolResultPart): ToolResultPart {
  const { output, attachments = [] } = result;
  if (output.length <= LONGEST_OUTPUT && attachments.length === 0) return result;
  const kept = output.length <= LONGEST_OUTPUT ? output : output.slice(0, KEPT_OF_OUTPUT);
  const notes = [
    ...(kept === output ? [] : [`${output.length - kept.length} more characters`]),
    ...attachments.map(nameOf),
  ];
  return {
    ...bare(result),
    output: `${kept.toWellFormed()}\n[Left out: ${notes.join(', ')}. The call can be made again.]`,
  };
}

function bare({ type, id, name, output, isError }: ToolResultPart): ToolResultPart {
  return { type, id, name, output, isError };
}

function nameOf({ name, mediaType }: AttachmentReference): string {
  return name === null ? mediaType : `${name.slice(0, 100)} (${mediaType})`;
}
