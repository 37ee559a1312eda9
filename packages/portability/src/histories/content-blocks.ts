import type { JsonObject, JsonValue } from '@synapse/core';
import type { HistoryAttachment, HistoryNode, HistoryPart } from './history.ts';
import { asRecord, listIn, recordIn, textIn } from './json-values.ts';
import { textOfBlocks } from './tool-values.ts';

/**
 * The content of a message in Anthropic's form: a text, or a list of blocks. Images and documents of a result follow it.
 * Unknown blocks stay whole.
 */
export function toContentParts(
  content: JsonValue,
  nameOfCall: (id: string) => string = () => '',
): HistoryPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block) => {
    const record = asRecord(block);
    const type = textIn(record, 'type') ?? 'block';
    const parts = type === 'tool_result' ? toResult(record, nameOfCall) : toPart(record);
    return parts ?? rawPart(type, block);
  });
}

/** The content of a message in OpenAI's form: a text, or a list of parts. A part that `toPart` can't read stays whole. */
export function toOpenaiParts(
  content: JsonValue,
  toPart: (part: JsonObject) => HistoryPart | null,
): HistoryPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [rawPart('content', content)];
  return content.map((value) => {
    const part = asRecord(value);
    const text = textIn(part, 'text');
    if (text !== undefined) return { type: 'text', text };
    return toPart(part) ?? rawPart(textIn(part, 'type') ?? 'part', value);
  });
}

export function rawPart(kind: string, data: JsonValue): HistoryPart {
  return { type: 'raw', kind, data };
}

function toPart(block: JsonObject): HistoryPart | null {
  const text = textIn(block, 'text');
  switch (textIn(block, 'type')) {
    case 'text':
      return text === undefined || listIn(block, 'citations').length > 0
        ? null
        : { type: 'text', text };
    case 'thinking': {
      const thinking = textIn(block, 'thinking');
      return thinking === undefined ? null : { type: 'reasoning', text: thinking };
    }
    case 'tool_use': {
      const id = textIn(block, 'id');
      const name = textIn(block, 'name');
      if (id === undefined || name === undefined) return null;
      return { type: 'tool-call', id, name, input: recordIn(block, 'input') };
    }
    case 'image':
    case 'document':
      return toAttachment(block);
    default:
      return null;
  }
}

function toResult(block: JsonObject, nameOfCall: (id: string) => string): HistoryPart[] | null {
  const id = textIn(block, 'tool_use_id');
  if (id === undefined) return null;
  const content = block.content ?? '';
  const attachments: HistoryAttachment[] = [];
  const others: JsonValue[] = [];
  for (const one of Array.isArray(content) ? content : []) {
    const attachment = toAttachment(asRecord(one));
    if (attachment) attachments.push({ ...attachment, isOfResult: true });
    else others.push(one);
  }
  const output = textOfBlocks(Array.isArray(content) ? others : content);
  const isError = block.is_error === true;
  return [{ type: 'tool-result', id, name: nameOfCall(id), output, isError }, ...attachments];
}

/** Whether a part is what a tool returned. */
export function isOfResult(part: HistoryPart): boolean {
  return part.type === 'tool-result' || ('bytes' in part && part.isOfResult === true);
}

function toAttachment(block: JsonObject): HistoryAttachment | null {
  const source = recordIn(block, 'source');
  const data = textIn(source, 'data');
  const mediaType = textIn(source, 'media_type');
  if (textIn(source, 'type') !== 'base64' || data === undefined || mediaType === undefined)
    return null;
  return attachmentPart(mediaType, Buffer.from(data, 'base64'), textIn(block, 'title'));
}

export function attachmentPart(
  mediaType: string,
  bytes: Uint8Array,
  name?: string,
): HistoryAttachment {
  const type = mediaType.startsWith('image/') ? 'image' : 'file';
  return { type, mediaType, name: name ?? null, bytes };
}

/** Some tools write results into the message of the user or of the model; each run of them becomes a message. */
export function splitResults(
  role: HistoryNode['role'],
  parts: readonly HistoryPart[],
): Pick<HistoryNode, 'role' | 'parts'>[] {
  const messages: Pick<HistoryNode, 'role' | 'parts'>[] = [];
  for (const part of parts) {
    const partRole = isOfResult(part) ? 'tool' : role;
    const last = messages.at(-1);
    if (last?.role === partRole) last.parts.push(part);
    else messages.push({ role: partRole, parts: [part] });
  }
  return messages.length > 0 ? messages : [{ role, parts: [] }];
}
