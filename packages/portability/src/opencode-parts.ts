import type { AttachmentReference, Message } from '@synapse/core';
import { argumentsOf, outputOf, type Step, type ToolUse } from './export-steps.ts';
import { attachmentContent, plainMediaType } from './step-contents.ts';

/** Adds to a part its own id and those of its message and its session. */
export type AddIds = (part: object) => object;

export function toOpencodeParts({ role, message, parts, bytes }: Step, addIds: AddIds): object[] {
  const time = { start: toOpencodeTime(message.createdAt), end: endOf(message) };
  return parts.map((part) => {
    switch (part.type) {
      case 'text':
        return addIds({ type: 'text', text: part.text, ...(role === 'assistant' && { time }) });
      case 'reasoning':
        return addIds({ type: 'reasoning', text: part.text, time });
      case 'image':
      case 'file':
        return addIds(toFile(part.attachment, bytes));
      case 'tool-use': {
        const { id, name } = part;
        const state = toState(part, time.end, (attachment) => addIds(toFile(attachment, bytes)));
        return addIds({ type: 'tool', tool: name, callID: id, state });
      }
    }
  });
}

/** Opencode refuses times before 1970. */
export function toOpencodeTime(date: Date): number {
  return Math.max(0, date.getTime());
}

export function endOf({ createdAt, latencyMs }: Message): number {
  return toOpencodeTime(createdAt) + Math.round(latencyMs ?? 0);
}

function toState(
  use: ToolUse,
  start: number,
  toAttachment: (attachment: AttachmentReference) => object,
): object {
  const { name, result, answeredAt } = use;
  const input = argumentsOf(use);
  const time = { start, end: Math.max(start, answeredAt ? toOpencodeTime(answeredAt) : start) };
  if (!result || result.isError) {
    return { status: 'error', input, error: outputOf(use), metadata: {}, time };
  }
  const attachments = (result.attachments ?? []).map(toAttachment);
  return {
    ...{ status: 'completed', input, output: result.output, metadata: {}, title: name, time },
    ...(attachments.length > 0 && { attachments }),
  };
}

function toFile(attachment: AttachmentReference, bytes: Step['bytes']): object {
  const content = attachmentContent(attachment, bytes, () => true);
  if (content.type !== 'data') return { type: 'text', synthetic: true, text: content.text };
  return {
    ...{ type: 'file', mime: plainMediaType(attachment), url: content.url },
    ...(attachment.name !== null && { filename: attachment.name }),
  };
}
