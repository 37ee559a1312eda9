import type { JsonObject, JsonValue } from '@synapse/core';
import type { HistoryNode, HistoryPart } from './history.ts';
import { asRecord, listIn, recordIn, textIn } from './json-values.ts';
import { textOfBlocks } from './tool-values.ts';

/** The content of a message in Anthropic's form: a text, or a list of blocks. Unknown blocks stay whole. */
export function toContentParts(
  content: JsonValue,
  nameOfCall: (id: string) => string = () => '',
): HistoryPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.map((block) => {
    const record = asRecord(block);
    return toPart(record, nameOfCall) ?? rawPart(textIn(record, 'type') ?? 'block', block);
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

function toPart(block: JsonObject, nameOfCall: (id: string) => string): HistoryPart | null {
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
    case 'tool_result': {
      const id = textIn(block, 'tool_use_id');
      if (id === undefined) return null;
      const output = textOfBlocks(block.content ?? '');
      return {
        type: 'tool-result',
        id,
        name: nameOfCall(id),
        output,
        isError: block.is_error === true,
      };
    }
    case 'image':
    case 'document':
      return toAttachment(block);
    default:
      return null;
  }
}

function toAttachment(block: JsonObject): HistoryPart | null {
  const source = recordIn(block, 'source');
  const data = textIn(source, 'data');
  const mediaType = textIn(source, 'media_type');
  if (textIn(source, 'type') !== 'base64' || data === undefined || mediaType === undefined)
    return null;
  return attachmentPart(mediaType, Buffer.from(data, 'base64'), textIn(block, 'title'));
}

export function attachmentPart(mediaType: string, bytes: Uint8Array, name?: string): HistoryPart {
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
    const partRole = part.type === 'tool-result' ? 'tool' : role;
    const last = messages.at(-1);
    if (last?.role === partRole) last.parts.push(part);
    else messages.push({ role: partRole, parts: [part] });
  }
  return messages.length > 0 ? messages : [{ role, parts: [] }];
}
